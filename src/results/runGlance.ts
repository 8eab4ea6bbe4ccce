/**
 * A run's line where results alone are wanted. Of its plan only the ids are taken: all that was planned of 100,000 cases
 * takes a second to take apart, and 100 MB.
 */
import { runFactsSchema, type RunFacts } from "./journalLines.ts";
import { schemaVersion } from "./schemaVersion.ts";

/** What reports need of a run's line. */
export interface ToldRun {
  readonly type: "told run";
  readonly facts: RunFacts;
  /** Ids of the cases that were planned. */
  readonly planned: readonly string[];
}

/** As the journal's writer begins the line, and the plan, which is its last key. */
const beginning = '{"type":"run",';
const planBeginning = ',"plan":[';
const planEnd = "}]}";

/** As it begins a planned case. */
const caseBeginning = /\{"case_id":"([^"\\]+)"/gu;

/**
 * Null of a line that isn't as the journal's writer has it, which is to be read whole.
 * @param text a whole line: one that was cut off may look like one
 */
export function glanceAtRun(text: string): ToldRun | null {
  if (!text.startsWith(beginning) || !text.endsWith(planEnd)) return null;
  const at = text.indexOf(planBeginning);
  const start = at + planBeginning.length;
  if (at === -1 || text.slice(start).search(caseBeginning) !== 0) return null;
  const facts = factsIn(`${text.slice(0, at)}}`);
  return facts === null ? null : { type: "told run", facts, planned: idsIn(text, start) };
}

function factsIn(text: string): RunFacts | null {
  try {
    const facts = runFactsSchema.safeParse(JSON.parse(text));
    return facts.success && facts.data.schema_version === schemaVersion ? facts.data : null;
  } catch {
    return null;
  }
}

/** Copies: a piece of a text keeps the whole of it in memory. */
function idsIn(text: string, start: number): string[] {
  const plan = text.slice(start);
  const ids = Array.from(plan.matchAll(caseBeginning), ([, id = ""]) => `"${id}"`);
  return JSON.parse(`[${ids.join(",")}]`) as string[];
}
