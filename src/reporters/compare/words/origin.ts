/** What the figures of a comparison rest on: who measured, with which build, when, and under which limit. */
import type { CaseRecord } from "../../../bench/record.ts";
import type { Machine } from "../../../compare/machines.ts";
import { isStockLimit } from "../../../machine/metalLimit.ts";
import { gib, listed } from "./phrases.ts";

/** `llama.cpp b2795 and b2824, 2024, one machine each; stock Metal limit of 48.0 GiB on m3-max; 24.0 GiB in rtx-4090.` */
export function originSentence(machines: readonly Machine[]): string {
  const cases = machines.flatMap((machine) => machine.cases);
  const facts = [
    [enginesText(cases), yearsText(cases)].filter((text) => text !== "").join(", "),
    ...machines.flatMap(budgetText),
  ];
  return `Measured with ${facts.join("; ")}.`;
}

function enginesText(cases: readonly CaseRecord[]): string {
  const builds = new Map<string, Set<string>>();
  for (const { engine } of cases) {
    const name = engine.name ?? "an unnamed engine";
    const own = builds.get(name) ?? new Set();
    const build = engine.version ?? engine.commit;
    if (build !== null) own.add(build);
    builds.set(name, own);
  }
  return listed(
    [...builds].map(([name, own]) => (own.size === 0 ? name : `${name} ${listed([...own], 4)}`)),
  );
}

/** Of the tests' times, where they are told. */
function yearsText(cases: readonly CaseRecord[]): string {
  const years = new Set(cases.flatMap(({ testTime }) => testTime?.slice(0, 4) ?? []));
  const sorted = [...years].toSorted();
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return "";
  return first === last ? first : `${first}–${last}`;
}

function budgetText({ label, backend, ramBytes, gpuBudgetBytes }: Machine): string[] {
  if (gpuBudgetBytes === null) return [];
  const budget = gib(gpuBudgetBytes);
  if (backend !== "metal") return [`${budget} on the GPU of ${label}`];
  const stock = isStockLimit(gpuBudgetBytes, ramBytes);
  return [`${stock ? "stock" : "raised or newer"} Metal limit of ${budget} on ${label}`];
}
