/** Result files, whoever wrote them, as a comparison of the machines that they are of. */
import { compareMachines, type Comparison, type CompareOptions } from "../compare/comparison.ts";
import { machinesOf, type ResultFile } from "../compare/machines.ts";
import { knownModels } from "../models/knownModels.ts";
import { doubtNotes, toldDoubts } from "../predict/doubts.ts";
import { importResults } from "../results/importResults.ts";
import type { Results } from "../results/readResults.ts";

export interface ComparedFiles {
  readonly comparison: Comparison;
  /** What a reader should know of the files. */
  readonly notes: readonly string[];
}

/**
 * @param paths of run folders, of llmbench's CSV or journal, or of llama-bench's output
 * @throws {LlmbenchError} `input` for a file that can't be read, `usage` for one machine alone or an unknown baseline.
 */
export async function compareFiles(
  paths: readonly string[],
  options: CompareOptions,
): Promise<ComparedFiles> {
  const known = knownModels();
  const files: ResultFile[] = [];
  const notes: string[] = [];
  for (const file of paths) {
    const results = await importResults(file, known);
    files.push({ file, cases: results.cases });
    notes.push(...results.notes, ...doubtsOf(results));
  }
  return { comparison: compareMachines(machinesOf(files), options), notes };
}

/** Cases of a run were judged when they were measured, and tell themselves what was found. */
function doubtsOf({ run, cases }: Results): string[] {
  return [...(run === null ? doubtNotes(cases) : []), ...toldDoubts(cases)];
}
