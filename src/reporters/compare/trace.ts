/** Where a pair's numbers come from: file, row, and the lines that measure it again. */
import type { Pair } from "../../compare/comparison.ts";
import { modelName } from "../../compare/work.ts";
import { twinsOf } from "../../compare/twins.ts";
import { llamaBenchLine } from "../../results/repeat/llamaBenchLine.ts";
import { llmbenchLines } from "../../results/repeat/llmbenchLine.ts";
import { plain } from "../format.ts";

export interface Trace {
  readonly heading: string;
  /** What the verdict rests on, and the settings that differ. */
  readonly basis: string;
  readonly sides: readonly { readonly origin: string; readonly lines: readonly string[] }[];
}

export function traceOf(pair: Pair): Trace {
  const { model, quantization, test, machines, basis, settingsDiffer } = pair;
  const differ = settingsDiffer.length === 0 ? "" : `; differs: ${settingsDiffer.join("; ")}`;
  return {
    heading: plain(
      `${modelName(model, quantization)}, ${test}, ${machines[0].label} and ${machines[1].label}`,
    ),
    basis: plain(`${basis}${differ}`),
    sides: pair.sides.map(({ row }, at) => ({
      origin: plain(
        `${machines[at === 0 ? 0 : 1].label}: case ${row.case_id} of ${machines[at === 0 ? 0 : 1].file}`,
      ),
      lines: [...llmbenchLines(row, twinsOf(row.model)), llamaBenchLine(row)].map(plain),
    })),
  };
}
