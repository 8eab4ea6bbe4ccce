/** The table of pairs: one set of columns for the terminal, Markdown and HTML. */
import type { Comparison, Pair } from "../../compare/comparison.ts";
import { ratioOf, resultJson, winnerLabel } from "../../compare/contract.ts";
import { threeDigits } from "../../compare/phrases.ts";
import { placementOf } from "../../compare/placement.ts";
import type { Verdict } from "../../compare/verdict.ts";
import { modelName } from "../../compare/work.ts";
import { plain } from "../format.ts";

export interface PairColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  /** Plain, on one line. */
  text(pair: Pair): string;
  /** What a sort goes by, where it isn't the text. */
  sortBy?(pair: Pair): number | null;
}

const verdictWords = {
  faster: "faster",
  equivalent: "equivalent",
  inconclusive: "inconclusive",
  only_one_on_gpu: "only one on its GPU",
  only_one_runs: "only one runs",
  none_runs: "none runs",
  incomparable: "incomparable",
} as const satisfies Record<Verdict, string>;

/** `rtx-4090-24gb faster`, `equivalent`, `only one runs: m3-max-40c-64gb`. */
function verdictText(pair: Pair): string {
  const winner = winnerLabel(pair);
  const words = verdictWords[pair.verdict];
  if (winner === null) return words;
  return pair.verdict === "faster" ? `${plain(winner)} ${words}` : `${words}: ${plain(winner)}`;
}

/** `127.74`, `3.11 (cpu)`, `does not fit`. */
function sideText(pair: Pair, at: 0 | 1): string {
  const { row, speed } = pair.sides[at];
  if (speed === null || row.avg_ts === null) return row.status.replaceAll("_", " ");
  const placement = placementOf(row);
  const where = placement === "gpu" || placement === null ? "" : ` (${placement})`;
  return `${row.avg_ts.toFixed(2)}${where}`;
}

/** `2.52 (2.39 to 2.65)`. */
function ratioText(pair: Pair): string {
  const ratio = ratioOf(pair);
  if (ratio === null) return "";
  if (pair.interval === null) return threeDigits(ratio);
  const { low, high } = pair.interval;
  return `${threeDigits(ratio)} (${threeDigits(low)} to ${threeDigits(high)})`;
}

const speedOf = (pair: Pair, at: 0 | 1) => resultJson(pair.machines[at], pair.sides[at]).avg_ts;

/** Settings that differ, by their names; the values stand where the verdict's basis is told. */
const differs: PairColumn = {
  heading: "differ in",
  align: "left",
  text: ({ settingsDiffer }) =>
    plain(settingsDiffer.map((text) => text.slice(0, text.indexOf(":"))).join(", ")),
};

export function pairColumns({ machines, pairs }: Comparison): PairColumn[] {
  const [{ label: baseline }, ...others] = machines;
  // Of several others each row names its own.
  const severalOthers = others.length > 1;
  const other = others[0]?.label ?? "";
  const someDiffer = pairs.some(({ settingsDiffer }) => settingsDiffer.length > 0);
  const name: PairColumn = {
    heading: "against",
    align: "left",
    text: (pair) => plain(pair.machines[1].label),
  };
  return [
    {
      heading: "model",
      align: "left",
      text: ({ model, quantization }) => plain(modelName(model, quantization)),
    },
    { heading: "test", align: "left", text: ({ test }) => plain(test) },
    ...(severalOthers ? [name] : []),
    {
      heading: `${plain(baseline)}, t/s`,
      align: "right",
      text: (pair) => sideText(pair, 0),
      sortBy: (pair) => speedOf(pair, 0),
    },
    {
      heading: severalOthers ? "other, t/s" : `${plain(other)}, t/s`,
      align: "right",
      text: (pair) => sideText(pair, 1),
      sortBy: (pair) => speedOf(pair, 1),
    },
    { heading: "ratio (95% interval)", align: "right", text: ratioText, sortBy: ratioOf },
    { heading: "verdict", align: "left", text: verdictText },
    ...(someDiffer ? [differs] : []),
  ];
}
