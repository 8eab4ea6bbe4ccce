/** The table of pairs: one set of columns for the terminal, Markdown and HTML. */
import { metrics, type Unit } from "../../bench/metrics.ts";
import { valueRatio, type Comparison, type Pair, type PairSide } from "../../compare/comparison.ts";
import type { SideName } from "../../compare/judge/decision.ts";
import { ratioInterval } from "../../compare/judge/logRatio.ts";
import { ratioOf } from "../../compare/judge/verdict.ts";
import { modelName } from "../../compare/modelNames.ts";
import { processorsOf } from "../../compare/processors.ts";
import { plain, threeDigits } from "../format.ts";
import { measuredValue, winnerLabel } from "./contract.ts";
import { statusText } from "./words/phrases.ts";
import { differenceName } from "./words/settings.ts";
import { verdictTitle } from "./words/verdicts.ts";

export interface PairColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  /** Whether it tells which pair a row is of. */
  readonly names?: true;
  /** Plain, on one line. */
  text(pair: Pair): string;
  /** What a sort goes by, where it isn't the text. */
  sortBy?(pair: Pair): number | null;
}

function verdictText(pair: Pair): string {
  const { verdict } = pair;
  const winner = winnerLabel(pair);
  const onGpu = verdict.kind === "only_one_on_gpu" ? pair[verdict.onGpu].machine.label : null;
  return verdictTitle(verdict, {
    winner: winner === null ? null : plain(winner),
    onGpu: onGpu === null ? null : plain(onGpu),
  });
}

/** `127.74`, `3.11 (cpu)`, `does not fit`. */
function valueText({ record, value }: PairSide): string {
  if (value === null) return statusText(record.status);
  const processors = processorsOf(record);
  const where = processors === "gpu" || processors === null ? "" : ` (${processors})`;
  return `${record.summary.mean.toFixed(2)}${where}`;
}

/** `2.52 (2.39 to 2.65)`. */
function ratioText(pair: Pair): string {
  const [ratio, log] = [valueRatio(pair), ratioOf(pair.verdict)];
  if (ratio === null || log === null) return "";
  const interval = ratioInterval(log);
  if (interval === null) return threeDigits(ratio);
  return `${threeDigits(ratio)} (${threeDigits(interval.low)} to ${threeDigits(interval.high)})`;
}

/** Settings that differ, by their names; the values stand where the verdict's basis is told. */
const differs: PairColumn = {
  heading: "differ in",
  align: "left",
  text: ({ differences }) => plain(differences.map(differenceName).join(", ")),
};

const unitOf = ({ metric }: Pair): Unit => metrics[metric].unit;

export function pairColumns({ machines, pairs }: Comparison): PairColumn[] {
  const [{ label: baseline }, ...others] = machines;
  // Of several others each row names its own.
  const severalOthers = others.length > 1;
  const other = others[0]?.label ?? "";
  const someDiffer = pairs.some(({ differences }) => differences.length > 0);
  const units = new Set(pairs.map(unitOf));
  const name: PairColumn = {
    heading: "against",
    align: "left",
    names: true,
    text: (pair) => plain(pair.other.machine.label),
  };
  return [
    { heading: "model", align: "left", names: true, text: ({ model }) => plain(modelName(model)) },
    { heading: "test", align: "left", names: true, text: ({ test }) => plain(test) },
    ...(severalOthers ? [name] : []),
    valueColumn("baseline", plain(baseline), units),
    valueColumn("other", severalOthers ? "other" : plain(other), units),
    { heading: "ratio (95% interval)", align: "right", text: ratioText, sortBy: valueRatio },
    { heading: "verdict", align: "left", text: verdictText },
    ...(someDiffer ? [differs] : []),
  ];
}

/** The unit stands in the heading where all pairs share one, else behind each value. */
function valueColumn(side: SideName, name: string, units: ReadonlySet<Unit>): PairColumn {
  const [unit] = units.size === 1 ? units : [];
  return {
    heading: unit === undefined ? name : `${name}, ${unit}`,
    align: "right",
    text: (pair) => `${valueText(pair[side])}${unit === undefined ? ` ${unitOf(pair)}` : ""}`,
    sortBy: (pair) => measuredValue(pair[side])?.value ?? null,
  };
}
