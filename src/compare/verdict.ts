/** What a pair says: the contract's verdicts. */
import type { CaseRow } from "../results/caseResult.ts";
import { warningCode } from "../results/warnings.ts";
import type { WarningCode } from "../results/warnings.ts";
import { decide } from "./decision.ts";
import type { Lacking, MeasuredSide } from "./decision.ts";
import { differences } from "./likeForLike.ts";
import type { MeaningChanging } from "./likeForLike.ts";
import type { LogSpeed } from "./logSpeed.ts";
import { placementOf } from "./placement.ts";
import { logRatio, ratioInterval } from "./welch.ts";
import type { LogRatio, RatioInterval } from "./welch.ts";

export const verdicts = [
  "faster",
  "equivalent",
  "inconclusive",
  "only_one_on_gpu",
  "only_one_runs",
  "none_runs",
  "incomparable",
] as const;
export type Verdict = (typeof verdicts)[number];

export interface VerdictOptions {
  /** Difference that matters, as a share: 0.03. */
  readonly practical: number;
  /** Settings that may differ although they change the meaning. */
  readonly allow: ReadonlySet<MeaningChanging>;
}

export interface Side {
  readonly row: CaseRow;
  /** Null where nothing was measured. */
  readonly speed: LogSpeed | null;
}

type Winner = "baseline" | "other" | null;

interface Outcome {
  readonly verdict: Verdict;
  readonly winner: Winner;
  /** What the verdict rests on, in words. */
  readonly basis: string;
  /** Why the interval doesn't decide; null where it does, and where there is nothing to decide. */
  readonly lacking: Lacking | null;
}

export interface Judgement extends Outcome {
  /** Null unless both were measured. */
  readonly ratio: LogRatio | null;
  readonly interval: RatioInterval | null;
  readonly settingsDiffer: readonly string[];
}

export function judge(baseline: Side, other: Side, options: VerdictOptions): Judgement {
  const { listed, meaning } = differences(baseline.row, other.row);
  const forbidden = meaning.filter((name) => !options.allow.has(name));
  if (!isMeasured(baseline) || !isMeasured(other)) {
    const { verdict, winner, basis, lacking } = ofUnmeasured(baseline, other, forbidden);
    return { verdict, winner, basis, lacking, ratio: null, interval: null, settingsDiffer: listed };
  }
  const ratio = logRatio(baseline.speed, other.speed);
  const interval = ratioInterval(ratio);
  const { verdict, winner, basis, lacking } =
    forbidden.length > 0
      ? incomparable(forbidden)
      : ofMeasured([baseline, other], ratio, interval, options.practical);
  return { verdict, winner, basis, lacking, ratio, interval, settingsDiffer: listed };
}

function isMeasured(side: Side): side is MeasuredSide {
  return side.speed !== null;
}

function incomparable(settings: readonly MeaningChanging[]): Outcome {
  const allow = `--allow ${settings.join(",")} compares all the same`;
  const basis = `${settings.join(", ")} ${settings.length === 1 ? "differs" : "differ"}; ${allow}`;
  return { verdict: "incomparable", winner: null, basis, lacking: null };
}

function ofUnmeasured(baseline: Side, other: Side, forbidden: readonly MeaningChanging[]): Outcome {
  if (!isMeasured(baseline) && !isMeasured(other)) {
    const basis = `${whyNot(baseline.row)} / ${whyNot(other.row)}`;
    return { verdict: "none_runs", winner: null, basis, lacking: null };
  }
  if (forbidden.length > 0) return incomparable(forbidden);
  const [silent, winner] = isMeasured(other)
    ? ([baseline.row, "other"] as const)
    : ([other.row, "baseline"] as const);
  // A crash or a timeout says nothing of what the machine could do.
  const lost = silent.status === "does_not_fit" || silent.status === "skipped";
  const ran = winner === "other" ? other.row : baseline.row;
  const won = lost && !warns(ran, [wrongOutput]);
  return {
    verdict: "only_one_runs",
    winner: won ? winner : null,
    basis: whyNot(silent),
    lacking: null,
  };
}

/** It computes something else than the CPU does: fast and wrong is not fast. */
const wrongOutput = "output_differs_from_cpu";

/** Warnings of rows that can't win a comparison (results/warnings.ts). */
const disqualifying: readonly WarningCode[] = [wrongOutput, "memory_spill", "memory_pressure"];

function warns({ warnings }: CaseRow, codes: readonly WarningCode[]): WarningCode | undefined {
  return codes.find((code) => warnings.some((text) => warningCode(text) === code));
}

function ofMeasured(
  sides: readonly [MeasuredSide, MeasuredSide],
  ratio: LogRatio,
  interval: RatioInterval | null,
  practical: number,
): Outcome {
  const { verdict, lacking, basis } = decide(sides, ratio, interval, practical);
  const faster = ratio.log > 0 ? ("other" as const) : ("baseline" as const);
  const spoilt = warns(sides[faster === "other" ? 1 : 0].row, disqualifying);
  if (verdict === "faster" && spoilt !== undefined) {
    const why = `the faster row warns of ${spoilt} and can't win`;
    return { verdict: "incomparable", winner: null, basis: why, lacking: null };
  }
  const winner = verdict === "faster" ? faster : null;
  return { verdict: onlyOneOnGpu(sides) ? "only_one_on_gpu" : verdict, winner, basis, lacking };
}

/** Both run, one of them with layers on the CPU. */
function onlyOneOnGpu(sides: readonly MeasuredSide[]): boolean {
  const places = sides.map(({ row }) => placementOf(row));
  return !places.includes(null) && places.filter((place) => place === "gpu").length === 1;
}

/** `does not fit (predicted_oom)`. */
function whyNot({ status, reason }: CaseRow): string {
  const word = status === "does_not_fit" ? "does not fit" : status;
  return reason === null ? word : `${word} (${reason})`;
}
