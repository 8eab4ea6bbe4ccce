/** What a reader must know to weigh the rest: settings, builds, what stands in one file only, what wasn't compared. */
import { groupBy } from "../base/groupBy.ts";
import type { CaseRow } from "../results/caseResult.ts";
import { warningCode, warnings } from "../results/warnings.ts";
import type { Comparison, Pair, Unpaired } from "./comparison.ts";
import { count, listed } from "./phrases.ts";
import { modelName, modelsOf } from "./work.ts";

export function noteSentences(comparison: Comparison): string[] {
  const { pairs, unpaired } = comparison;
  return [
    ...(pairs.length === 0
      ? ["Nothing to compare: no model, quantization and test stands in both files."]
      : settingsNote(pairs)),
    ...incomparableNote(pairs),
    ...failedNote(pairs),
    ...publishedNote(pairs),
    ...warningsNote(pairs),
    ...unpairedNotes(unpaired),
    ...engineNote(comparison),
  ];
}

/** `Settings that differ: flash_attn (1 / 0) in 12 of 20 pairs; …`. */
function settingsNote(pairs: readonly Pair[]): string[] {
  const names = groupBy(
    pairs.flatMap(({ settingsDiffer }) => settingsDiffer),
    (text) => text.slice(0, text.indexOf(":")),
  );
  if (names.size === 0) return [];
  const items = [...names].map(([name, texts]) => {
    const values = [...new Set(texts.map((text) => text.slice(name.length + 2)))];
    return `${name} (${listed(values, 2)}) in ${texts.length}`;
  });
  return [`Settings that differ, of ${count(pairs.length, "pair")}: ${listed(items, 20)}.`];
}

function incomparableNote(pairs: readonly Pair[]): string[] {
  const incomparable = pairs.filter(({ verdict }) => verdict === "incomparable");
  if (incomparable.length === 0) return [];
  const reasons = listed([...new Set(incomparable.map(({ basis }) => basis))]);
  return [`Not compared: ${count(incomparable.length, "pair")} (${reasons}).`];
}

/** A failure is no verdict on the machine. */
function failedNote(pairs: readonly Pair[]): string[] {
  const failed = pairs
    .filter(({ sides }) => sides.some(({ row }) => row.status === "failed"))
    .flatMap((pair) =>
      pair.sides.flatMap(({ row }, at) =>
        row.status === "failed"
          ? [
              `${pair.machines[at]?.label}: ${modelName(row.model, row.quantization)} ${row.test} (${row.reason})`,
            ]
          : [],
      ),
    );
  return failed.length === 0
    ? []
    : [`Failed, which says nothing of what the machine could do: ${listed(failed)}.`];
}

function publishedNote(pairs: readonly Pair[]): string[] {
  const bare = pairs.filter(({ ratio }) => ratio !== null && ratio.error === null);
  if (bare.length === 0) return [];
  return [
    `${count(bare.length, "pair")} without known spread: no interval, and a verdict only beyond a ratio of 1.25 (${listed(modelsOf(bare))}).`,
  ];
}

/** `other_load (8) and outliers (4)`: what the documents of each run explain. */
function warningsNote(pairs: readonly Pair[]): string[] {
  const warned = new Set<CaseRow>();
  for (const { sides } of pairs)
    for (const { row } of sides) if (row.warnings.length > 0) warned.add(row);
  const codes = [...warned].flatMap((row) => Array.from(new Set(row.warnings.map(warningCode))));
  // Texts of other makers are no codes.
  const counted = groupBy(
    codes.filter((code) => Object.hasOwn(warnings, code)),
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
    const parts = sides.map(({ machine, rows }) => {
      const names = rows.map((row) => `${modelName(row.model, row.quantization)} ${row.test}`);
      return `${count(rows.length, "case")} of ${machine.label} (${listed([...new Set(names)], 3)})`;
    });
    const [first] = sides;
    const missing = sides.length === 1 ? ` in ${first?.against.file}` : "";
    return `Left out, without a counterpart${missing}: ${parts.join("; ")}.`;
  });
}

/** Where both sides ran llama.cpp, that is the comparison's limit too. */
function engineNote({ machines }: Comparison): string[] {
  const engines = new Set<string>();
  for (const { rows } of machines)
    for (const { engine } of rows) engines.add(engine ?? "llama.cpp");
  if (engines.size > 1) return [`Engines: ${listed([...engines])}.`];
  return [
    `${machines.length > 2 ? "All of them" : "Both"} ran ${listed([...engines])}. Other engines may rank them otherwise: MLX on Apple silicon, vLLM or TensorRT-LLM on NVIDIA.`,
  ];
}
