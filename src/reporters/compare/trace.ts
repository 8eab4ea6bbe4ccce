/** Where numbers come from: what each verdict rests on, its rows, and the lines that measure them again. */
import { groupBy } from "../../base/groupBy.ts";
import type { CaseRecord } from "../../bench/record.ts";
import { sideNames, type Pair } from "../../compare/comparison.ts";
import { modelName, sameShapeAs } from "../../compare/modelNames.ts";
import { llamaBenchLine } from "../../repeat/llamaBenchLine.ts";
import { llmbenchLines } from "../../repeat/llmbenchLine.ts";
import { plain } from "../format.ts";
import { caseOriginWords } from "../originWords.ts";
import { differenceText } from "./words/settings.ts";
import { basisOf } from "./words/verdicts.ts";

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
  const groups = groupBy(numbered, ({ pair: { model, test } }) =>
    plain(`${modelName(model)}, ${test}`),
  );
  return [...groups].map(([heading, own]) => ({
    heading,
    verdicts: own.map(({ pair, index }) => ({ index, basis: tracedBasis(pair) })),
    lines: linesOf(own.map(({ pair }) => pair)),
  }));
}

function tracedBasis({ baseline, other, verdict, differences }: Pair): string {
  const texts = differences.map(differenceText);
  const differ = texts.length === 0 ? "" : `; differs: ${texts.join("; ")}`;
  return plain(
    `${baseline.machine.label} and ${other.machine.label}: ${basisOf(verdict)}${differ}`,
  );
}

function linesOf(pairs: readonly Pair[]): string[] {
  const cases = casesOf(pairs);
  const origins = cases.map(({ origin }) => `# ${origin}`);
  const commands = [llmbench, llamaBench].flatMap((linesOfCase) => {
    const same = groupBy(cases, ({ record }) => linesOfCase(record).map(plain).join("\n"));
    return [...same].flatMap(([lines, own]) =>
      own.length === cases.length
        ? lines
        : `${lines}  # ${own.map(({ label }) => label).join(", ")}`,
    );
  });
  return [...origins, ...commands];
}

const llmbench = (record: CaseRecord) => llmbenchLines(record, sameShapeAs(record.model.id));
const llamaBench = (record: CaseRecord) => [llamaBenchLine(record)];

interface TracedCase {
  readonly record: CaseRecord;
  readonly label: string;
  readonly origin: string;
}

/** Each once: the baseline's stands in several pairs. */
function casesOf(pairs: readonly Pair[]): TracedCase[] {
  const cases = new Map<CaseRecord, TracedCase>();
  for (const pair of pairs) {
    for (const side of sideNames) {
      const { record, machine } = pair[side];
      const published = record.source === null ? "" : `, ${caseOriginWords(record)}`;
      const from = `case ${record.id} of ${machine.file}${published}`;
      const origin = plain(`${machine.label}: ${from}`);
      cases.set(record, { record, label: plain(machine.label), origin });
    }
  }
  return [...cases.values()];
}
