/** One command for many tests: settings that differ in what they test alone, with lists in its place. */
import { groupBy } from "../base/groupBy.ts";
import type { SettingText, SettingTexts } from "./settingTexts.ts";

export interface Merged<Item> {
  readonly texts: SettingTexts;
  readonly items: readonly Item[];
}

/** A flag with a list runs each value, and of several lists each combination: only what gives just these tests is merged. */
export function mergedTests<Item>(
  items: readonly Item[],
  textsOf: (item: Item) => SettingTexts,
): Merged<Item>[] {
  const all = items.map((item) => ({ texts: textsOf(item), items: [item] }));
  const training = all.filter(isTraining);
  const others = all.filter((one) => !isTraining(one));
  const [both, single] = [others.filter(isBoth), others.filter((one) => !isBoth(one))];
  const ofDepth = gathered(single, ["nPrompt", "nGen"]);
  const ofSize = gathered(training, ["precisions"]);
  return [...gathered(ofDepth, ["nDepth"]), ...gathered(both, []), ...gathered(ofSize, ["train"])];
}

function isTraining({ texts }: { readonly texts: SettingTexts }): boolean {
  return (texts.train ?? null) !== null;
}

/** `--pg` is one test, and no list. */
function isBoth({ texts }: { readonly texts: SettingTexts }): boolean {
  return (texts.pg ?? null) !== null;
}

type TestKey = "nPrompt" | "nGen" | "nDepth" | "precisions" | "train";

function gathered<Item>(all: readonly Merged<Item>[], keys: readonly TestKey[]): Merged<Item>[] {
  const groups = groupBy(all, ({ texts }) => {
    const rest: Record<string, unknown> = { ...texts };
    for (const key of keys) delete rest[key];
    return JSON.stringify(rest);
  });
  return [...groups.values()].flatMap((same): Merged<Item>[] => {
    const [first] = same;
    if (first === undefined) return [];
    const lists = keys.map((key) => [
      key,
      listOf(
        key,
        same.map(({ texts }) => texts[key] ?? null),
      ),
    ]);
    return [
      {
        texts: { ...first.texts, ...(Object.fromEntries(lists) as SettingTexts) },
        items: same.flatMap((one) => one.items),
      },
    ];
  });
}

/** A length of 0 switches its test off: beside others it isn't said. A depth of 0 is one of them. */
function listOf(key: TestKey, values: readonly SettingText[]): SettingText {
  if (key === "precisions" || key === "train") return [...new Set(values)].join(",");
  const numbers = [
    ...new Set(
      values.flatMap((value) =>
        String(value ?? 0)
          .split(",")
          .map(Number),
      ),
    ),
  ].toSorted((a, b) => a - b);
  const told = key === "nDepth" ? numbers : numbers.filter((value) => value > 0);
  return told.length === 0 ? 0 : told.join(",");
}
