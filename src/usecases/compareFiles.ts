/** Result files, whoever wrote them, and published rows of machines, as a comparison. */
import { lstatSync } from "node:fs";
import { toType } from "../base/invocation.ts";
import type { CaseRecord } from "../bench/record.ts";
import { compareMachines, type Comparison, type CompareOptions } from "../compare/comparison.ts";
import { machinesOf, type ResultFile } from "../compare/machines.ts";
import { knownModels } from "../models/knownModels.ts";
import { toldDoubts, withClaimDoubts } from "../predict/doubts.ts";
import { decisiveModel } from "../compare/headline/headline.ts";
import type { PredictOffload } from "../compare/headline/stands.ts";
import { LlmbenchError } from "../errors.ts";
import { importResults } from "../results/importResults.ts";
import type { Results } from "../results/readResults.ts";
import { publishedOf } from "./publishedOf.ts";
import { offloadNotes, offloadOf } from "./predictOffload.ts";

export interface ComparedFiles {
  readonly comparison: Comparison;
  /** What a reader should know of the files. */
  readonly notes: readonly string[];
  /** Those of them that name rows which weren't read. */
  readonly incomplete: readonly string[];
  /** Of the model that memory decides about. */
  readonly predictOffload: PredictOffload;
}

/**
 * @param paths of run folders, of llmbench's CSV or journal, or of llama-bench's output; or names of machines, whose
 *   published rows are taken: a path that exists wins
 * @throws {LlmbenchError} `input` for a file that can't be read, `usage` for one machine alone or an unknown baseline.
 */
export async function compareFiles(
  paths: readonly string[],
  options: CompareOptions,
): Promise<ComparedFiles> {
  const known = knownModels();
  const files: ResultFile[] = [];
  const notes: string[] = [];
  const incomplete: string[] = [];
  const empty: Results[] = [];
  for (const file of paths) {
    const results = isFile(file) ? await importResults(file, known) : publishedOf(file);
    const cases = judgedCases(results);
    if (cases.length === 0) empty.push({ ...results, path: file });
    files.push({ file, cases });
    notes.push(...results.notes, ...toldDoubts(cases));
    if (results.foreign !== null && results.foreign.leftOut.length > 0)
      incomplete.push(...results.notes);
  }
  const machines = machinesOf(files);
  const [first] = empty;
  if (first !== undefined && machines.length < 2) throw nothingIn(first);
  notes.push(...empty.map(({ path }) => `${path}: no case has a result yet`));
  const comparison = compareMachines(machines, options);
  const decisive = decisiveModel(comparison);
  const predictOffload = await offloadOf(decisive);
  notes.push(...offloadNotes(decisive, predictOffload));
  // A file that is compared with itself is read twice, and told once.
  return { comparison, notes: [...new Set(notes)], incomplete, predictOffload };
}

/** A run that ended before its first result, or rows of which none is whole. */
function nothingIn({ path, run, notes }: Results): LlmbenchError {
  const goesOn = run === null ? "" : `\`${toType(`--resume ${path}`)}\` goes on with a run, or `;
  const why = run === null ? notes.map((note) => ` (${note})`).join("") : "";
  return new LlmbenchError(
    "input",
    `${path}: no case has a result yet${why}, and compare needs two machines; ${goesOn}name another result file`,
  );
}

/** A path that exists, a link that leads nowhere too, or that can't be meant otherwise: machines' names have no dots and no slashes. */
function isFile(name: string): boolean {
  return /[./\\]/.test(name) || lstatSync(name, { throwIfNoEntry: false }) !== undefined;
}

/** Cases of a run were judged when they were measured; others are judged here, so that none wins by an impossible speed. */
function judgedCases({ run, cases }: Results): readonly CaseRecord[] {
  return run === null ? withClaimDoubts(cases) : cases;
}
