/** What each machine can't hold on its GPU, with bytes against budget; and what it does instead. */
import { largestRaisable, otherwise } from "../../../compare/beyondGpu.ts";
import {
  generationSpeed,
  isBeyondGpu,
  measuredWork,
  type ModelOnMachine,
} from "../../../compare/modelOnMachine.ts";
import { processorsOf, type Processors } from "../../../compare/processors.ts";
import { threeDigits } from "../../format.ts";
import { gib, gibOf, listed, range } from "./phrases.ts";

/** What doesn't fit on one machine's GPU, and what a raised limit would hold. @param models of that machine */
export function memorySentences(models: readonly ModelOnMachine[], usable: number): string[] {
  const beyond = models.filter(isBeyondGpu);
  const [first] = beyond;
  if (first === undefined) return [];
  const items = beyond.map((model) => `${model.name} (${factsOf(model, usable)})`);
  return [
    `${first.machine.label} can't hold on its GPU: ${listed(items)}.`,
    ...raisedLimit(beyond),
  ];
}

function factsOf(model: ModelOnMachine, usable: number): string {
  const needed = neededText(model);
  const instead = insteadText(model, usable);
  return needed === null ? instead : `${needed}; ${instead}`;
}

/** `38.6 of 24.0 GiB at 8192 tokens`. */
export function neededText({ neededBytes, machine, contextTokens }: ModelOnMachine): string | null {
  if (neededBytes === null) return null;
  const budget = machine.gpuBudgetBytes;
  const bytes = budget === null ? gib(neededBytes) : gibOf(neededBytes, budget);
  return contextTokens === null
    ? `${bytes} for the weights alone`
    : `${bytes} at ${contextTokens} tokens`;
}

/** Not on its GPU isn't "can't run": what is known of the other ways. */
function insteadText(model: ModelOnMachine, usable: number): string {
  const instead = otherwise(model);
  switch (instead.kind) {
    case "shorter_context":
      return `it holds ${instead.tokens === null ? "a shorter context" : `${instead.tokens} tokens`}`;
    case "runs":
      return `runs it ${paceText(model, usable)}`;
    case "beyond_all_memory":
      return "more than all its memory";
    case "not_run":
      return "not run with layers on the CPU";
    default:
      return instead satisfies never;
  }
}

/** `on the CPU at 3.11 t/s, too slowly to use at under 5`: what is usable is told by writing. */
export function paceText(model: ModelOnMachine, usable: number): string {
  const said = placeAndSpeed(model);
  const isSlow = model.generations.length > 0 && generationSpeed(model) < usable;
  return isSlow ? `${said}, ${tooSlowly(usable)}` : said;
}

export function tooSlowly(usable: number): string {
  return `too slowly to use at under ${usable}`;
}

const places = {
  gpu: "on its GPU",
  "gpu+cpu": "with layers on the CPU",
  cpu: "on the CPU",
} as const satisfies Record<Processors, string>;

/** `on the CPU at 3.11 t/s`; `on the CPU, reading at 24.0 to 31.2 t/s` where it wasn't measured writing. */
export function placeAndSpeed(model: ModelOnMachine): string {
  const [first] = measuredWork(model);
  const processors = first === undefined ? null : processorsOf(first);
  const place = processors === null ? [] : [places[processors]];
  if (model.generations.length > 0)
    return [...place, `at ${threeDigits(generationSpeed(model))} t/s`].join(" ");
  const speed = range(model.prompts.map(({ summary }) => summary.mean));
  return [...place, `reading at ${speed} t/s`].join(", ");
}

function raisedLimit(beyond: readonly ModelOnMachine[]): string[] {
  const largest = largestRaisable(beyond);
  if (largest === null) return [];
  const { model, raised } = largest;
  return [
    `A Metal limit raised with \`${raised.command}\` would hold ${model.name} on ${model.machine.label} and leave macOS ${gib(raised.leavesBytes)}.`,
  ];
}

/** Models that run on the GPU, and still below what one would use. */
export function slowSentences(models: readonly ModelOnMachine[], usable: number): string[] {
  const slow = models.filter(
    (model) =>
      model.onGpu === "yes" && model.generations.length > 0 && generationSpeed(model) < usable,
  );
  const [first] = slow;
  if (first === undefined) return [];
  const items = slow.map((model) => `${model.name} at ${threeDigits(generationSpeed(model))} t/s`);
  return [
    `${first.machine.label} holds, and runs too slowly to use (below ${usable} t/s): ${listed(items)}.`,
  ];
}
