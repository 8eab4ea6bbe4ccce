/** Bundles of a run as it would write its journal, and bundles that somebody had in hand. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync, zipSync } from "fflate";
import { writeBundle } from "../../../src/reporters/bundle/writeBundle.ts";
import { bufferTotals } from "../../../src/bench/bufferTotals.ts";
import { isNonEmpty, type TimedLaunch } from "../../../src/bench/launch.ts";
import { summarize } from "../../../src/bench/summarize.ts";
import { launchOf } from "../../../src/results/launchLine.ts";
import type { JournalRow } from "../../../src/results/row.ts";
import { rowOf } from "../../../src/results/rowOf.ts";
import { freshFolder } from "../../results/folders.ts";
import { journalText, measured, unmeasured } from "../../results/journals.ts";
import { caseOf } from "../../results/rows.ts";

function launch(number: number, samplesNs: number[]): TimedLaunch {
  const token_ns: [number, number][] = [
    [15_000_000, 100 * number],
    [15_400_000, 20],
  ];
  const times = { warmup_ns: [2.1e9], samples_ns: samplesNs, token_ns };
  return launchOf({ launch: number, load_ms: 800 + number, ...times });
}

function measuredIn(...launches: TimedLaunch[]): JournalRow {
  const record = caseOf(measured);
  const summary = summarize(launches, record.workload);
  if (summary === null || record.status !== "measured" || !isNonEmpty(launches))
    throw new Error("launches have samples");
  const memory = { ...record.memory, ...bufferTotals(record.buffers) };
  return rowOf({ ...record, memory, launches, summary });
}

const cases: readonly JournalRow[] = [
  { ...measuredIn(launch(1, [1.939e9, 1.93e9, 1.921e9])), case_id: "one launch" },
  {
    ...measuredIn(launch(1, [1.93e9, 1.92e9]), launch(2, [1.95e9, 1.94e9, 1.945e9])),
    case_id: "two launches",
    quantization: "q8_0",
  },
  unmeasured({
    case_id: "too large",
    quantization: "f16",
    status: "does_not_fit",
    reason: "predicted_oom: needs 128.80 GiB, the budget is 48.00 GiB",
  }),
];

/** A run's folder, its journal changed by `edit`. */
export function runFolder(edit: (journal: string) => string = (journal) => journal): string {
  const folder = freshFolder();
  writeFileSync(join(folder, "results.jsonl"), edit(journalText(cases)));
  return folder;
}

/** A bundle of a run's folder, as `llmbench report --bundle` writes it. */
export function bundleOf(folder = runFolder()): Promise<string> {
  return writeBundle(folder, { file: null, folder: null });
}

/** Written by version 0.1.0 as it was before results had more than 87 columns, with all that its rows could hold. */
export const firstEditionBundle = fileURLToPath(new URL("firstEdition.zip", import.meta.url));

export function unpacked(bundle: string): Record<string, Uint8Array> {
  return unzipSync(readFileSync(bundle));
}

/** Packs files as they are. */
export function packed(files: Record<string, Uint8Array>): string {
  const path = join(freshFolder(), "handmade.zip");
  writeFileSync(path, zipSync(files));
  return path;
}

/** Packs files with hashes that are right, as someone who knows the format would. */
export function packedWithHashes(files: Record<string, Uint8Array>): string {
  const sums = Object.entries(files)
    .filter(([name]) => name !== "SHA256SUMS")
    .map(([name, bytes]) => `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`);
  return packed({ ...files, SHA256SUMS: Buffer.from(sums.join("")) });
}

export function replaced(bytes: Uint8Array | undefined, from: string, to: string): Uint8Array {
  const text = Buffer.from(bytes ?? []).toString("utf8");
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return Buffer.from(text.replace(from, to));
}
