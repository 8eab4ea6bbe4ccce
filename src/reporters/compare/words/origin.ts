/** What the figures of a comparison rest on: which builds, when, who published them, and under which limit. */
import { groupBy } from "../../../base/groupBy.ts";
import { sideNames, type Pair } from "../../../compare/comparison.ts";
import type { Machine } from "../../../compare/machines.ts";
import { isStockLimit } from "../../../machine/metalLimit.ts";
import { caseOriginWords, originWords } from "../../originWords.ts";
import { gib, listed } from "./phrases.ts";

/** `Measured with llama.cpp b2795 and b2824, May 2024, published in …; stock Metal limit of 48.0 GiB on m3-max; …`. */
export function originSentence(machines: readonly Machine[]): string {
  const facts = [...originTexts(machines), ...budgetTexts(machines)];
  return `Measured with ${facts.join("; ")}.`;
}

/** A pair's basis with where its published figures are from; of what nobody published, the file that was named tells it. */
export function withOrigins(basis: string, pair: Pair): string {
  const origins = sideNames.flatMap((side) => {
    const { record, machine } = pair[side];
    return record.source === null ? [] : [`${machine.label}: ${caseOriginWords(record)}`];
  });
  return [basis, ...origins].join("; ");
}

/** One text for all machines where they share when and who; else one for each, those alike together. */
function originTexts(machines: readonly Machine[]): string[] {
  const told = machines.filter(({ cases }) => cases.length > 0);
  const shared = new Set(told.map(({ cases }) => originWords(cases.map(withoutEngine))));
  if (shared.size === 1) return [originWords(told.flatMap(({ cases }) => cases))];
  return [...groupBy(told, ({ cases }) => originWords(cases))].map(
    ([text, own]) => `${text} (${listed(own.map(({ label }) => label))})`,
  );
}

function withoutEngine(record: Machine["cases"][number]): Machine["cases"][number] {
  return { ...record, engine: { ...record.engine, version: null, commit: null } };
}

/** `24.0 GiB on the GPUs of rtx-4090-24gb and rtx-3090-24gb`: machines of one limit together. */
function budgetTexts(machines: readonly Machine[]): string[] {
  const known = machines.flatMap((machine) =>
    machine.gpuBudgetBytes === null
      ? []
      : [{ label: machine.label, text: budgetText(machine, machine.gpuBudgetBytes) }],
  );
  return [...groupBy(known, ({ text }) => text)].map(([text, own]) => {
    const labels = own.map(({ label }) => label);
    return `${text} ${listed(labels, labels.length)}`;
  });
}

function budgetText({ backend, ramBytes }: Machine, gpuBudgetBytes: number): string {
  const budget = gib(gpuBudgetBytes);
  if (backend !== "metal") return `${budget} for the GPU of`;
  const stock = isStockLimit(gpuBudgetBytes, ramBytes);
  return `${stock ? "stock" : "raised or newer"} Metal limit of ${budget} on`;
}
