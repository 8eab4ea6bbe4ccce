/** Where numbers come from: what each verdict rests on, its rows, and the lines that measure them again. */
import { groupBy } from "../../base/groupBy.ts";
import type { Pair } from "../../compare/comparison.ts";
import { modelName } from "../../compare/work.ts";
import { twinsOf } from "../../compare/twins.ts";
import { llamaBenchLine } from "../../results/repeat/llamaBenchLine.ts";
import { llmbenchLines } from "../../results/repeat/llmbenchLine.ts";
import type { CaseRow } from "../../results/caseResult.ts";
import { plain } from "../format.ts";

/** Of one model, quantization and test: all its pairs, whose lines are mostly the same. */
export interface Trace {
  readonly heading: string;
  readonly verdicts: readonly TracedVerdict[];
  /** The rows as comments, then each line that measures some of them once. */
  readonly lines: readonly string[];
}

interface TracedVerdict {
  /** The pair's place in the table, from 0. */
  readonly index: number;
  /** `m3-max and rtx-4090: Welch on logs …; differs: …`. */
  readonly basis: string;
}

export function tracesOf(pairs: readonly Pair[]): Trace[] {
  const numbered = pairs.map((pair, index) => ({ pair, index }));
  const groups = groupBy(numbered, ({ pair: { model, quantization, test } }) =>
    plain(`${modelName(model, quantization)}, ${test}`),
  );
  return [...groups].map(([heading, own]) => ({
    heading,
    verdicts: own.map(({ pair, index }) => ({ index, basis: basisOf(pair) })),
    lines: linesOf(own.map(({ pair }) => pair)),
  }));
}

function basisOf({ machines: [baseline, other], basis, settingsDiffer }: Pair): string {
  const differ = settingsDiffer.length === 0 ? "" : `; differs: ${settingsDiffer.join("; ")}`;
  return plain(`${baseline.label} and ${other.label}: ${basis}${differ}`);
}

function linesOf(pairs: readonly Pair[]): string[] {
  const rows = rowsOf(pairs);
  const origins = rows.map(({ origin }) => `# ${origin}`);
  const commands = [llmbench, llamaBench].flatMap((linesOfRow) => {
    const same = groupBy(rows, ({ row }) => linesOfRow(row).map(plain).join("\n"));
    return [...same].flatMap(([lines, own]) =>
      own.length === rows.length
        ? lines
        : `${lines}  # ${own.map(({ label }) => label).join(", ")}`,
    );
  });
  return [...origins, ...commands];
}

const llmbench = (row: CaseRow) => llmbenchLines(row, twinsOf(row.model));
const llamaBench = (row: CaseRow) => [llamaBenchLine(row)];

interface TracedRow {
  readonly row: CaseRow;
  readonly label: string;
  readonly origin: string;
}

/** Each once: the baseline's stands in several pairs. */
function rowsOf(pairs: readonly Pair[]): TracedRow[] {
  const rows = new Map<CaseRow, TracedRow>();
  for (const { sides, machines } of pairs) {
    for (const at of [0, 1] as const) {
      const { row } = sides[at];
      const { label, file } = machines[at];
      const origin = plain(`${label}: case ${row.case_id} of ${file}`);
      rows.set(row, { row, label: plain(label), origin });
    }
  }
  return [...rows.values()];
}
