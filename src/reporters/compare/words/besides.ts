/** Cases that another of the same machine and test stands for: none is left out in silence, and none for being slower. */
import { count } from "../../../base/count.ts";
import { groupBy } from "../../../base/groupBy.ts";
import { metrics } from "../../../bench/metrics.ts";
import type { CaseRecord } from "../../../bench/record.ts";
import { besideCases, type BesideCase } from "../../../compare/besides.ts";
import type { Pair } from "../../../compare/comparison.ts";
import { caseName } from "../../../compare/modelNames.ts";
import { threeDigits } from "../../format.ts";
import { listed, statusText } from "./phrases.ts";
import { otherText } from "./settings.ts";

/** `Not compared, …: 2 cases of rtx-3090 (llama-2-7b q4_0 tg128 with devices CUDA1: 58.0 t/s and …).` */
export function besidesNote(pairs: readonly Pair[]): string[] {
  // A baseline's case stands beside a pair of each other machine.
  const cases = new Map<CaseRecord, BesideCase>();
  for (const pair of pairs) for (const one of besideCases(pair)) cases.set(one.record, one);
  const left = groupBy(cases.values(), ({ machine }) => machine.label);
  if (left.size === 0) return [];
  const items = [...left].map(([label, own]) => {
    const texts = new Set(own.map((one) => `${caseName(one.record)}${besideText(one)}`));
    return `${count(own.length, "case")} of ${label} (${listed([...texts], 4)})`;
  });
  return [
    `Not compared, since one case a machine stands for each test (the most alike, of those the best): ${items.join("; ")}.`,
  ];
}

/** `…; not compared: rtx-3090 with devices CUDA1: 58.0 t/s`, behind what a pair's verdict rests on. */
export function withBesides(basis: string, pair: Pair): string {
  const cases = besideCases(pair);
  if (cases.length === 0) return basis;
  const texts = cases.map((one) => `${one.machine.label}${besideText(one)}`);
  return `${basis}; not compared: ${listed(texts, 8)}`;
}

/** ` with devices CUDA1: 58.0 t/s`. */
function besideText({ record, differences, metric }: BesideCase): string {
  const settings = differences.map(otherText).join(", ");
  const value =
    record.status === "measured"
      ? `${threeDigits(record.summary.mean)} ${metrics[metric].unit}`
      : statusText(record.status);
  return `${settings === "" ? "" : ` with ${settings}`}: ${value}`;
}
