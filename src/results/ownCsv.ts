/** A results.csv as it is handed on: behind other text, or torn in its last row. */
import type { CaseRecord } from "../bench/record.ts";
import { LlmbenchError } from "../errors.ts";
import { isOwnHeader } from "./ownColumns.ts";
import { readCsv } from "./readCsv.ts";
import type { ToldLaunches } from "./recordOf.ts";

/** Line breaks that the cells of a torn row may hold: a reason has one at most. */
const mostTries = 4;

interface OwnCases {
  readonly cases: CaseRecord[];
  /** What a reader should know of the file. */
  readonly notes: string[];
}

/** The line, from 1, on which the header of a results.csv stands; null where there is none. */
function headerLine(text: string): number | null {
  const index = text.split(/\r\n|[\r\n]/u).findIndex(isOwnHeader);
  return index === -1 ? null : index + 1;
}

/** Whether the header of a results.csv stands in a text. */
export function holdsHeader(text: string): boolean {
  return headerLine(text) !== null;
}

/**
 * Its cases, those of a torn last row left out and told.
 * @throws LlmbenchError `input` where something stands before the header: rows of another program would be lost in silence;
 *   and as `readCsv` does.
 */
export function readOwnCsv(text: string, path: string, told: ToldLaunches): OwnCases {
  const at = headerLine(text);
  if (
    at !== null &&
    text
      .split(/\r\n|[\r\n]/u, at)
      .slice(0, -1)
      .some((line) => line.trim() !== "")
  )
    throw new LlmbenchError(
      "input",
      `${path}: a results.csv of llmbench begins at line ${at}, with other text before it; give each as a file of its own`,
    );
  try {
    return { cases: readCsv(text, path, told), notes: [] };
  } catch (error) {
    const cases = withoutTornRow(text, path, told);
    if (cases === null) throw error;
    return { cases, notes: ["the last row is torn and is left out"] };
  }
}

/** Null where the text ends with a line, or its earlier rows can't be read either. */
function withoutTornRow(text: string, path: string, told: ToldLaunches): CaseRecord[] | null {
  let rest = text;
  for (let tries = 0; tries < mostTries; tries++) {
    const end = rest.lastIndexOf("\n");
    if (end === -1 || end === text.length - 1) return null;
    const whole = rest.slice(0, end + 1);
    try {
      return readCsv(whole, path, told);
    } catch {
      rest = whole.slice(0, -1);
    }
  }
  return null;
}
