/** Rows that the machine can't have measured, or is twice as fast as: a warning on our own, a note on others'. */
import { loadMachines } from "../machine/machineCatalogue.ts";
import { ClaimJudge } from "../predict/claimDoubts.ts";
import { rowDoubts, type Circumstances } from "../predict/plausibility.ts";
import type { SpeedSource } from "../predict/speedSource.ts";
import type { CaseResult, CaseRow } from "./caseResult.ts";
import { publishedResults } from "./publishedResults.ts";
import { warning, warningCode, warningDetail, type WarningCode } from "./warnings.ts";

/** More in one file nobody reads. */
const mostNotes = 10;

/** The first of a larger file: no sweep that somebody started has more. */
const mostJudged = 2_000;

const codes: ReadonlySet<string> = new Set<WarningCode>([
  "beats_bandwidth",
  "far_below_prediction",
]);

/** @param source what the machine's speeds are predicted from, rows of this run included; the row's own part of it doesn't count. */
export function withDoubts(row: CaseResult, source: SpeedSource): CaseResult {
  // Its speed isn't that of its layers' places alone.
  if ((row.no_kv_offload ?? 0) > 0 || (row.n_cpu_moe ?? 0) > 0) return row;
  const doubts = rowDoubts(row, source, circumstancesOf(row));
  const found = doubts.map(({ kind, text }) => warning(kind, text));
  return found.length === 0 ? row : { ...row, warnings: [...row.warnings, ...found] };
}

function circumstancesOf({ warnings }: CaseRow): Circumstances {
  const seen = new Set(warnings.map(warningCode));
  const has = (...some: readonly WarningCode[]) => some.some((code) => seen.has(code));
  return {
    onBattery: has("on_battery"),
    swapping: has("swap_in_use", "memory_pressure"),
    hot: has("thermal_pressure", "low_power_mode"),
    otherLoad: has("other_load"),
    tight: has("tight", "memory_spill"),
  };
}

/** What a reader should know of rows whose run isn't at hand, each in a line. */
export function doubtNotes(rows: readonly CaseRow[]): string[] {
  // What its own run found is told with the row.
  const unjudged = rows.filter((row) => row.status === "measured" && !row.warnings.some(isDoubt));
  if (!unjudged.some(({ backend }) => backend !== null && backend !== "cpu")) return [];
  const judge = new ClaimJudge(loadMachines(), publishedResults());
  return listed(
    unjudged
      .slice(0, mostJudged)
      .flatMap((row) => judge.doubtsOf(row).map(({ text }) => noteOf(row, text))),
  );
}

/** The doubts that the rows' own runs had, as notes. */
export function toldDoubts(rows: readonly CaseRow[]): string[] {
  return listed(
    rows.flatMap((row) =>
      row.warnings.filter(isDoubt).map((text) => noteOf(row, warningDetail(text))),
    ),
  );
}

function isDoubt(text: string): boolean {
  return codes.has(warningCode(text));
}

function noteOf({ machine, model, quantization, test }: CaseRow, text: string): string {
  return `doubtful: ${[machine, model, quantization, test].filter(Boolean).join(" ")}: ${text}`;
}

function listed(notes: readonly string[]): string[] {
  const left = notes.length - mostNotes;
  return [...notes.slice(0, mostNotes), ...(left > 0 ? [`doubtful: ${left} more rows`] : [])];
}
