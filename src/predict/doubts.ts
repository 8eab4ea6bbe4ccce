/** Speeds that the machine can't have, or is twice as fast as: a warning on our own cases, a note on others'. */
import type { CaseRecord } from "../bench/record.ts";
import { warning, warnsOf } from "../bench/warnings.ts";
import { testName } from "../bench/workload.ts";
import { loadMachines } from "../machine/machineCatalogue.ts";
import { ClaimJudge } from "./claimDoubts.ts";
import { caseDoubts, doubtCodes, type Circumstances } from "./plausibility.ts";
import { publishedResults } from "./publishedResults.ts";
import type { SpeedSource } from "./speedSource.ts";
import { isPlain } from "./plainSettings.ts";

/** More in one file nobody reads. */
const mostNotes = 10;

/** The first of a larger file: no sweep that somebody started has more. */
const mostJudged = 2_000;

/** @param source what the machine's speeds are predicted from, cases of this run included; the case's own part of it doesn't count. */
export function withDoubts(record: CaseRecord, source: SpeedSource): CaseRecord {
  if (!isPlain(record.settings)) return record;
  const doubts = caseDoubts(record, source, circumstancesOf(record));
  const found = doubts.map(({ kind, text }) => warning(kind, text));
  return found.length === 0 ? record : { ...record, warnings: [...record.warnings, ...found] };
}

function circumstancesOf(record: CaseRecord): Circumstances {
  return {
    onBattery: warnsOf(record, "on_battery"),
    swapping: warnsOf(record, "swap_in_use", "memory_pressure"),
    hot: warnsOf(record, "thermal_pressure", "low_power_mode"),
    otherLoad: warnsOf(record, "other_load"),
    tight: warnsOf(record, "tight", "memory_spill"),
  };
}

/** Cases whose run isn't at hand, with warnings of what is doubtful in them; the cases of a file are those of one call. */
export function withClaimDoubts(cases: readonly CaseRecord[]): readonly CaseRecord[] {
  // What its own run found is told with the case.
  const unjudged = cases.filter(
    (record) =>
      record.status === "measured" && isPlain(record.settings) && !warnsOf(record, ...doubtCodes),
  );
  if (!unjudged.some(isOnDevice)) return cases;
  const judge = new ClaimJudge(loadMachines(), publishedResults());
  const judged = new Set(unjudged.slice(0, mostJudged));
  return cases.map((record) => {
    if (!judged.has(record)) return record;
    const found = judge.doubtsOf(record).map(({ kind, text }) => warning(kind, text));
    return found.length === 0 ? record : { ...record, warnings: [...record.warnings, ...found] };
  });
}

/** What a reader should know of cases whose run isn't at hand, each in a line. */
export function doubtNotes(cases: readonly CaseRecord[]): string[] {
  const known = new Set(cases);
  return toldDoubts(withClaimDoubts(cases).filter((record) => !known.has(record)));
}

function isOnDevice({ engine }: CaseRecord): boolean {
  return engine.backend !== null && engine.backend !== "cpu";
}

/** The doubts that the cases' own runs had, as notes. */
export function toldDoubts(cases: readonly CaseRecord[]): string[] {
  return listed(
    cases.flatMap((record) =>
      record.warnings
        .filter(({ code }) => doubtCodes.some((one) => one === code))
        .map(({ detail }) => noteOf(record, detail)),
    ),
  );
}

function noteOf({ machine, model, workload }: CaseRecord, text: string): string {
  const what = [machine.name, model.id, model.quantization, testName(workload)];
  return `doubtful: ${what.filter(Boolean).join(" ")}: ${text}`;
}

function listed(notes: readonly string[]): string[] {
  const left = notes.length - mostNotes;
  return [...notes.slice(0, mostNotes), ...(left > 0 ? [`doubtful: ${left} more rows`] : [])];
}
