/** Where numbers come from: what each verdict rests on, its rows, and the commands that measure them again. */
import { groupBy } from "../../base/groupBy.ts";
import type { CaseRecord } from "../../bench/record.ts";
import { sideNames, type Pair } from "../../compare/comparison.ts";
import { modelName, sameShapeAs } from "../../compare/modelNames.ts";
import { llamaBenchLine } from "../../repeat/llamaBenchLine.ts";
import { llmbenchCommands } from "../../repeat/llmbenchLine.ts";
import { plain } from "../format.ts";
import { caseOriginWords } from "../originWords.ts";
import { listed } from "./words/phrases.ts";
import { differenceText } from "./words/settings.ts";
import { basisOf } from "./words/verdicts.ts";

/** Where the numbers of one model and quantization come from: all its pairs, whose settings are mostly the same. */
export interface Trace {
  readonly heading: string;
  readonly verdicts: readonly TracedVerdict[];
  /** Which rows of which file, a machine each. */
  readonly origins: readonly string[];
  /** One for all tests with the same settings. */
  readonly commands: readonly TracedCommand[];
  /** llama-bench's lines, each once. */
  readonly llamaBench: readonly string[];
}

interface TracedVerdict {
  /** The pair's place in the table, from 0. */
  readonly index: number;
  /** `tg128, m3-max and rtx-4090: Welch on logs …; differs: …`. */
  readonly basis: string;
}

interface TracedCommand {
  readonly text: string;
  /** Whose rows they measure; empty where those are everyone's. */
  readonly machines: readonly string[];
}

export function tracesOf(pairs: readonly Pair[]): Trace[] {
  const numbered = pairs.map((pair, index) => ({ pair, index }));
  const groups = groupBy(numbered, ({ pair: { model } }) => plain(modelName(model)));
  return [...groups].map(([heading, own]) => {
    const cases = casesOf(own.map(({ pair }) => pair));
    return {
      heading,
      verdicts: own.map(({ pair, index }) => ({ index, basis: tracedBasis(pair) })),
      origins: originsOf(cases),
      commands: commandsOf(cases),
      llamaBench: [...new Set([...cases.keys()].map((record) => plain(llamaBenchLine(record))))],
    };
  });
}

function tracedBasis({ baseline, other, verdict, differences, test }: Pair): string {
  const texts = differences.map(differenceText);
  const differ = texts.length === 0 ? "" : `; differs: ${texts.join("; ")}`;
  return plain(
    `${test}, ${baseline.machine.label} and ${other.machine.label}: ${basisOf(verdict)}${differ}`,
  );
}

interface Origin {
  readonly label: string;
  /** The file, and who published the row. */
  readonly from: string;
}

/** Each once: the baseline's stands in several pairs. */
function casesOf(pairs: readonly Pair[]): ReadonlyMap<CaseRecord, Origin> {
  const cases = new Map<CaseRecord, Origin>();
  for (const pair of pairs)
    for (const side of sideNames) {
      const { record, machine } = pair[side];
      const published = record.source === null ? "" : `, ${caseOriginWords(record)}`;
      cases.set(record, {
        label: plain(machine.label),
        from: plain(`${machine.file}${published}`),
      });
    }
  return cases;
}

function originsOf(cases: ReadonlyMap<CaseRecord, Origin>): string[] {
  const files = groupBy(cases, ([, { label, from }]) => `${label}\n${from}`);
  return [...files.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const ids = own.map(([{ id }]) => plain(id));
    const { label, from } = first[1];
    return [`${label}: ${ids.length === 1 ? "case" : "cases"} ${listed(ids, 40)} of ${from}`];
  });
}

function commandsOf(cases: ReadonlyMap<CaseRecord, Origin>): TracedCommand[] {
  const labels = new Set([...cases.values()].map(({ label }) => label));
  const commands = llmbenchCommands([...cases.keys()], ({ model }) => sameShapeAs(model.id));
  return commands.map(({ lines, cases: own }) => {
    const machines = [...new Set(own.flatMap((record) => cases.get(record)?.label ?? []))];
    return {
      text: lines.map(plain).join("\n"),
      machines: machines.length === labels.size ? [] : machines,
    };
  });
}
