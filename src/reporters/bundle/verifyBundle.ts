/** Does a bundle hold what it says? Every number in it once more, from the raw samples in its journal. */
import { count } from "../../base/count.ts";
import { z } from "zod";
import { showValue } from "../../base/showValue.ts";
import { isTimed } from "../../bench/launch.ts";
import type { CaseRecord } from "../../bench/record.ts";
import { LlmbenchError } from "../../errors.ts";
import { noiseSchema } from "../../machine/noise.ts";
import type { Results } from "../../results/readResults.ts";
import { recompute } from "../../results/recompute.ts";
import { resultFiles } from "../../results/resultFiles.ts";
import { caseName } from "../caseName.ts";
import { hasThisLayout } from "../reportLayout.ts";
import { editionOf } from "./edition.ts";
import { firstDifference } from "./firstDifference.ts";
import { hashFile, madeFiles } from "./format.ts";
import { madeOf, maker, sha256 } from "./madeFiles.ts";
import type { Files, MadeOfJournal } from "./madeFiles.ts";

export interface Check {
  /** What holds if nothing speaks against it. */
  readonly claim: string;
  /** Empty where it holds. */
  readonly against: readonly string[];
}

export async function verifyBundle(files: Files): Promise<Check[]> {
  const hashes = checkHashes(files);
  const journal = files.get(resultFiles.journal) ?? new Uint8Array();
  let made: MadeOfJournal;
  try {
    made = await madeOf(journal, editionOf(files.get(resultFiles.csv)));
  } catch (error) {
    if (!(error instanceof LlmbenchError)) throw error;
    return [hashes, { claim: `${resultFiles.journal} is a journal`, against: [error.message] }];
  }
  return [hashes, checkMade(files, made.files), checkNumbers(made.results)];
}

function checkHashes(files: Files): Check {
  const stated = statedHashes(files.get(hashFile));
  const hashed = [resultFiles.journal, ...madeFiles];
  const against = hashed.flatMap((name) => {
    const bytes = files.get(name);
    if (bytes === undefined) return [`${name} is missing`];
    const sum = stated.get(name);
    if (sum === undefined) return [`${hashFile} doesn't name ${name}`];
    return sum === sha256(bytes) ? [] : [`${name} has another SHA-256 than ${hashFile} says`];
  });
  return { claim: `${hashed.length} files have the SHA-256 that ${hashFile} says`, against };
}

function statedHashes(file: Uint8Array | undefined): Map<string, string> {
  const lines = Buffer.from(file ?? [])
    .toString("utf8")
    .split("\n");
  return new Map(
    lines.flatMap((line) => {
      const [, sum, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      return sum === undefined || name === undefined ? [] : [[name, sum] as const];
    }),
  );
}

/** Documents of an earlier layout can't be made again: their numbers stand in the CSV, which is. */
function checkMade(files: Files, made: Files): Check {
  const by = madeBy(files.get("environment.json"));
  const hint = by === maker() ? "" : `; it was made by ${by}, this is ${maker()}`;
  const earlier = documents.filter((name) => {
    const document = files.get(name);
    return document !== undefined && !hasThisLayout(document);
  });
  const compared = madeFiles.filter((name) => !earlier.some((one) => one === name));
  const against = compared.flatMap((name) => {
    const [is, follows] = [files.get(name), made.get(name)];
    if (is === undefined || follows === undefined || Buffer.compare(is, follows) === 0) return [];
    return [`${name} is not what the journal gives: ${firstDifference(name, is, follows)}${hint}`];
  });
  const left =
    earlier.length === 0
      ? ""
      : `; ${earlier.join(" and ")} ${earlier.length > 1 ? "have" : "has"} another version's layout and can't be made here`;
  return {
    claim: `${compared.join(", ")} are made of the journal again, byte for byte${left}`,
    against,
  };
}

const documents = [resultFiles.markdown, resultFiles.html] as const;

const environmentSchema = z.object({ made_by: z.string() });

function madeBy(environment: Uint8Array | undefined): string {
  try {
    const value: unknown = JSON.parse(Buffer.from(environment ?? []).toString("utf8"));
    return environmentSchema.parse(value).made_by;
  } catch {
    return "nobody knows what";
  }
}

function checkNumbers({ run, cases }: Results): Check {
  const noise = noiseSchema
    .nullable()
    .catch(null)
    .parse(run?.options["noise"] ?? null);
  const samples = cases.reduce((sum, record) => sum + samplesOf(record), 0);
  const checked = cases.map((record) => ({ record, ...recompute(record, noise) }));
  const figures = checked.reduce((sum, one) => sum + one.figures, 0);
  const against = checked.flatMap(({ record, deviations }) =>
    deviations.map(
      ({ column, stated, follows }) =>
        `${caseName(record)}: ${column} is ${showValue(stated)}, its measurements give ${showValue(follows)}`,
    ),
  );
  const all = `${count(figures, "figure")} of ${count(cases.length, "case")}`;
  return {
    claim: `${all} follow from ${count(samples, "sample")} and llama.cpp's buffers`,
    against,
  };
}

function samplesOf(record: CaseRecord): number {
  if (record.status !== "measured") return 0;
  return record.launches.filter(isTimed).reduce((sum, { samplesNs }) => sum + samplesNs.length, 0);
}
