/**
 * Launch lines whose case may still get a line of its own, which says all that they say: most are read by nobody, and
 * taking them apart would double the time that a journal takes.
 */
import type { Line } from "./readLines.ts";

/** As the journal's writer begins such a line; another's is read like any line. */
const beginning = '{"type":"launch",';

const idBeginning = '"case_id":"';

export class OpenLaunches {
  readonly #lines = new Map<string, Line[]>();

  /** False for a line that is to be read at once: none of a launch, or the last one, which may be torn. */
  take(line: Line): boolean {
    if (!line.terminated || !line.text.startsWith(beginning)) return false;
    const id = idIn(line.text);
    if (id === null) return false;
    const lines = this.#lines.get(id);
    if (lines === undefined) this.#lines.set(id, [line]);
    else lines.push(line);
    return true;
  }

  /** A case's line came: the launches before it are told there. */
  close(id: string): void {
    this.#lines.delete(id);
  }

  /** Those of cases that have no line after them, in the file's order. */
  left(): Line[] {
    return [...this.#lines.values()].flat().sort((a, b) => a.number - b.number);
  }
}

/** Of the case that the line tells of, or null. */
function idIn(text: string): string | null {
  const at = text.indexOf(idBeginning);
  const start = at + idBeginning.length;
  const end = text.indexOf('"', start);
  return at === -1 || end === -1 ? null : text.slice(start, end);
}
