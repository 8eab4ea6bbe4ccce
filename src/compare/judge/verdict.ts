/** What a pair says: the contract's verdicts. */
import { isNonEmpty, type NonEmpty } from "../../bench/launch.ts";
import { isMeasured, type CaseRecord, type UnmeasuredRecord } from "../../bench/record.ts";
import { warnsOf, type WarningCode } from "../../bench/warnings.ts";
import { processorsOf } from "../processors.ts";
import { isRefused } from "../refusals.ts";
import { decide, type Decision, type Match, type MeasuredSide, type SideName } from "./decision.ts";
import { differencesOf, meaningOf, type Difference, type MeaningChanging } from "./differences.ts";
import { logRatio, type LogRatio } from "./logRatio.ts";
import { logValueOf } from "./logValue.ts";

export interface UnmeasuredSide {
  readonly record: UnmeasuredRecord;
  readonly value: null;
}

export type Side = MeasuredSide | UnmeasuredSide;

export function sideOf(record: CaseRecord): Side {
  return isMeasured(record) ? { record, value: logValueOf(record) } : { record, value: null };
}

/** Both ran, one of them with layers on the CPU; what their values say is given all the same. */
interface OnlyOneOnGpu {
  readonly kind: "only_one_on_gpu";
  readonly onGpu: SideName;
  readonly decision: Decision;
}

interface OnlyOneRuns {
  readonly kind: "only_one_runs";
  readonly runs: SideName;
  /** It computes something else than the CPU does: fast and wrong is not fast. */
  readonly wrong: boolean;
  /** What didn't run, and why. */
  readonly missing: UnmeasuredRecord;
}

interface NoneRuns {
  readonly kind: "none_runs";
  readonly missing: readonly [baseline: UnmeasuredRecord, other: UnmeasuredRecord];
}

interface Incomparable {
  readonly kind: "incomparable";
  readonly cause: IncomparableCause;
  /** Null where one side wasn't measured. */
  readonly ratio: LogRatio | null;
}

export type IncomparableCause =
  | { readonly kind: "settings"; readonly settings: NonEmpty<MeaningChanging> }
  /** The faster row warns of what no winner may. */
  | { readonly kind: "spoilt"; readonly side: SideName; readonly warning: WarningCode };

export type Verdict = Decision | OnlyOneOnGpu | OnlyOneRuns | NoneRuns | Incomparable;
export type VerdictKind = Verdict["kind"];

export interface VerdictOptions {
  /** Difference that matters, as a share: 0.03. */
  readonly practical: number;
  /** Settings that may differ although they change the meaning. */
  readonly allow: ReadonlySet<MeaningChanging>;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly differences: readonly Difference[];
}

export function judge(match: Match<Side>, options: VerdictOptions): Judgement {
  const differences = differencesOf(match.baseline.record, match.other.record);
  const free = freely(match.baseline.record);
  const forbidden = meaningOf(differences).filter(
    (name) => !options.allow.has(name) && !free.has(name),
  );
  return { verdict: verdictOf(match, forbidden, options.practical), differences };
}

/** A step of training is the same whatever computes it: which framework drives a machine best is part of the answer. */
function freely({ workload }: CaseRecord): ReadonlySet<MeaningChanging> {
  return new Set(workload.kind === "train" ? ["engine"] : []);
}

function verdictOf(
  { baseline, other, better }: Match<Side>,
  forbidden: readonly MeaningChanging[],
  practical: number,
): Verdict {
  if (baseline.value === null && other.value === null)
    return { kind: "none_runs", missing: [baseline.record, other.record] };
  if (isNonEmpty(forbidden)) {
    const measured = baseline.value !== null && other.value !== null;
    const ratio = measured ? logRatio(baseline.value, other.value) : null;
    return { kind: "incomparable", cause: { kind: "settings", settings: forbidden }, ratio };
  }
  if (baseline.value === null) return onlyOneRuns("other", other.record, baseline.record);
  if (other.value === null) return onlyOneRuns("baseline", baseline.record, other.record);
  return ofMeasured({ baseline, other, better }, practical);
}

/** What computes something else than the CPU does. */
const wrongOutput = "output_differs_from_cpu";

/** Warnings of rows that can't win a comparison (bench/warnings.ts). */
const disqualifying = [
  wrongOutput,
  "memory_spill",
  "memory_pressure",
  // More than the memory gives: it was not computed, or not there.
  "beats_bandwidth",
] as const;

function onlyOneRuns(runs: SideName, ran: CaseRecord, missing: UnmeasuredRecord): OnlyOneRuns {
  return { kind: "only_one_runs", runs, wrong: warnsOf(ran, wrongOutput), missing };
}

function ofMeasured(match: Match<MeasuredSide>, practical: number): Verdict {
  const decision = decide(match, practical);
  const spoilt = spoiltWin(decision, match);
  if (spoilt !== null) return spoilt;
  const onGpu = onlyOneOnGpu(match);
  return onGpu === null ? decision : { kind: "only_one_on_gpu", onGpu, decision };
}

function spoiltWin(decision: Decision, match: Match<MeasuredSide>): Incomparable | null {
  const side = winnerOf(decision);
  if (side === null) return null;
  const warning = disqualifying.find((code) => warnsOf(match[side].record, code));
  return warning === undefined
    ? null
    : { kind: "incomparable", cause: { kind: "spoilt", side, warning }, ratio: decision.ratio };
}

/** Where it is known of both which processors computed them. */
function onlyOneOnGpu({ baseline, other }: Match<MeasuredSide>): SideName | null {
  const [a, b] = [processorsOf(baseline.record), processorsOf(other.record)];
  if (a === null || b === null || (a === "gpu") === (b === "gpu")) return null;
  return a === "gpu" ? "baseline" : "other";
}

/** Null where nobody wins. */
export function winnerOf(verdict: Verdict): SideName | null {
  switch (verdict.kind) {
    case "faster":
      return verdict.winner;
    case "only_one_on_gpu":
      return winnerOf(verdict.decision);
    case "only_one_runs":
      return !verdict.wrong && isRefused(verdict.missing) ? verdict.runs : null;
    case "equivalent":
    case "inconclusive":
    case "none_runs":
    case "incomparable":
      return null;
    default:
      return verdict satisfies never;
  }
}

/** Null unless both were measured. */
export function ratioOf(verdict: Verdict): LogRatio | null {
  switch (verdict.kind) {
    case "faster":
    case "equivalent":
    case "inconclusive":
    case "incomparable":
      return verdict.ratio;
    case "only_one_on_gpu":
      return verdict.decision.ratio;
    case "only_one_runs":
    case "none_runs":
      return null;
    default:
      return verdict satisfies never;
  }
}

/** What a verdict goes by. */
const grounds = {
  faster: "speed",
  equivalent: "speed",
  inconclusive: "speed",
  // Both ran, on unlike processors.
  only_one_on_gpu: "processors",
  // One of them found room.
  only_one_runs: "room",
  none_runs: "nothing",
  // They measured different things, or one of them nothing that counts.
  incomparable: "unlike",
} as const satisfies Record<VerdictKind, string>;

export type Ground = (typeof grounds)[VerdictKind];

export function groundOf({ kind }: Verdict): Ground {
  return grounds[kind];
}

type KindBy<By extends Ground> = {
  [Kind in VerdictKind]: (typeof grounds)[Kind] extends By ? Kind : never;
}[VerdictKind];

/** Neither side alone had the model on its GPU: the ratio is one of hardware, not of memory. */
export type SpeedVerdict = Extract<Verdict, { readonly kind: KindBy<"speed"> }>;

export function isBySpeed<One extends { readonly verdict: Verdict }>(
  one: One,
): one is One & { readonly verdict: SpeedVerdict } {
  return groundOf(one.verdict) === "speed";
}
