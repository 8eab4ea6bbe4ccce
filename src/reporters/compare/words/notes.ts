/** What a reader must know to weigh the rest: settings, builds, what stands in one file only, what wasn't compared. */
import { count } from "../../../base/count.ts";
import { groupBy } from "../../../base/groupBy.ts";
import type { CaseRecord } from "../../../bench/record.ts";
import {
  sideNames,
  type LeftOut,
  type Comparison,
  type Pair,
  type Unpaired,
} from "../../../compare/comparison.ts";
import { ratioWithoutInterval } from "../../../compare/judge/decision.ts";
import { groundOf, ratioOf } from "../../../compare/judge/verdict.ts";
import { caseName, modelName } from "../../../compare/modelNames.ts";
import { reasonCell } from "../../../results/codes.ts";
import { besidesNote } from "./besides.ts";
import { listed } from "./phrases.ts";
import { placementNotes } from "./placements.ts";
import { differenceName, valuesText } from "./settings.ts";
import { basisOf } from "./verdicts.ts";

export function noteSentences(comparison: Comparison): string[] {
  const { pairs, unpaired, unknown } = comparison;
  return [
    ...(pairs.length === 0
      ? ["Nothing to compare: no model, quantization and test stands in both files."]
      : settingsNote(pairs)),
    ...besidesNote(pairs),
    ...incomparableNote(pairs),
    ...failedNote(pairs),
    ...spreadlessNote(pairs),
    ...placementNotes(pairs),
    ...warningsNote(pairs),
    ...unpairedNotes(unpaired),
    ...unknownNote(unknown),
    ...engineNote(comparison),
  ];
}

/** `Settings that differ: flash_attn (1 / 0) in 12 of 20 pairs; …`. */
function settingsNote(pairs: readonly Pair[]): string[] {
  const settings = groupBy(
    pairs.flatMap(({ differences }) => differences),
    differenceName,
  );
  if (settings.size === 0) return [];
  const items = [...settings].map(([name, own]) => {
    const values = [...new Set(own.map(valuesText))];
    return `${name} (${listed(values, 2)}) in ${own.length}`;
  });
  return [`Settings that differ, of ${count(pairs.length, "pair")}: ${listed(items, 20)}.`];
}

function incomparableNote(pairs: readonly Pair[]): string[] {
  const incomparable = pairs.filter(({ verdict }) => groundOf(verdict) === "unlike");
  if (incomparable.length === 0) return [];
  const reasons = new Set(incomparable.map(({ verdict }) => basisOf(verdict)));
  return [`Not compared: ${count(incomparable.length, "pair")} (${listed([...reasons])}).`];
}

/** A failure is no verdict on the machine. */
function failedNote(pairs: readonly Pair[]): string[] {
  const failed = pairs.flatMap((pair) =>
    sideNames.flatMap((side) => {
      const { record, machine } = pair[side];
      return record.status === "failed"
        ? [`${machine.label}: ${caseName(record)} (${reasonCell(record) ?? "no reason given"})`]
        : [];
    }),
  );
  return failed.length === 0
    ? []
    : [`Failed, which says nothing of what the machine could do: ${listed(failed)}.`];
}

function spreadlessNote(pairs: readonly Pair[]): string[] {
  const bare = pairs.filter(({ verdict }) => ratioOf(verdict)?.error === null);
  if (bare.length === 0) return [];
  const models = [...new Set(bare.map(({ model }) => modelName(model)))];
  return [
    `${count(bare.length, "pair")} without known spread: no interval, and a verdict only beyond a ratio of ${ratioWithoutInterval} (${listed(models)}).`,
  ];
}

/** `other_load (8) and outliers (4)`: what the documents of each run explain. */
function warningsNote(pairs: readonly Pair[]): string[] {
  const warned = new Set<CaseRecord>();
  for (const pair of pairs)
    for (const side of sideNames) {
      const { record } = pair[side];
      if (record.warnings.length > 0) warned.add(record);
    }
  const codes = [...warned].flatMap(({ warnings }) =>
    Array.from(new Set(warnings.map(({ code }) => code))),
  );
  // Texts of other makers are no codes.
  const counted = groupBy(
    codes.filter((code) => code !== "other"),
    (code) => code,
  );
  if (counted.size === 0) return [];
  const items = [...counted].map(([code, each]) => `${code} (${each.length})`);
  return [`Warnings of paired rows, with how many: ${listed(items, 20)}.`];
}

/** One sentence for each two machines. */
function unpairedNotes(unpaired: readonly Unpaired[]): string[] {
  const between = groupBy(unpaired, ({ machine, against }) =>
    [machine.label, against.label].toSorted().join("\n"),
  );
  return [...between.values()].map((sides) => {
    const [first] = sides;
    const missing = sides.length === 1 ? ` in ${first?.against.file}` : "";
    return `Left out, without a counterpart${missing}: ${sides.map(casesText).join("; ")}.`;
  });
}

function unknownNote(unknown: readonly LeftOut[]): string[] {
  return unknown.length === 0
    ? []
    : [`Left out, tests that this llmbench doesn't know: ${unknown.map(casesText).join("; ")}.`];
}

/** `2 cases of mac (llama-3-8b q4_0 tg128 and …)`. */
function casesText({ machine, cases }: LeftOut): string {
  const names = [...new Set(cases.map(caseName))];
  return `${count(cases.length, "case")} of ${machine.label} (${listed(names, 3)})`;
}

/** Where both sides ran llama.cpp, that is the comparison's limit too. */
function engineNote({ machines }: Comparison): string[] {
  const engines = new Set<string>();
  for (const { cases } of machines)
    for (const { engine } of cases) engines.add(engine.name ?? "llama.cpp");
  if (engines.size > 1) return [`Engines: ${listed([...engines])}.`];
  return [
    `${machines.length > 2 ? "All of them" : "Both"} ran ${listed([...engines])}. Other engines may rank them otherwise: MLX on Apple silicon, vLLM or TensorRT-LLM on NVIDIA.`,
  ];
}
