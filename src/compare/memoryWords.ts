/** What each machine can't hold on its GPU, with bytes against budget; and what it does instead. */
import { raisedMetalLimit } from "../machine/metalLimit.ts";
import { speedOf } from "./holding.ts";
import type { Holding } from "./holding.ts";
import { gib, gibOf, listed, threeDigits } from "./phrases.ts";
import { placementOf } from "./placement.ts";

/** One sentence for each machine that something doesn't fit on. */
export function memorySentences(holdings: readonly Holding[], usable: number): string[] {
  const beyond = holdings.filter(({ onGpu }) => onGpu === "no" || onGpu === "small_context");
  const [first] = beyond;
  if (first === undefined) return [];
  const items = beyond.map((holding) => `${holding.name} (${listedFacts(holding, usable)})`);
  return [
    `${first.machine.label} can't hold on its GPU: ${listed(items)}.`,
    ...raisedLimit(beyond),
  ];
}

function listedFacts(holding: Holding, usable: number): string {
  return [needed(holding), instead(holding, usable)].filter((part) => part !== null).join("; ");
}

/** `38.6 of 24.0 GiB at 8192 tokens`. */
export function needed({ neededBytes, machine, contextTokens }: Holding): string | null {
  if (neededBytes === null) return null;
  const budget = machine.gpuBudgetBytes;
  const bytes = budget === null ? gib(neededBytes) : gibOf(neededBytes, budget);
  return contextTokens === null
    ? `${bytes} for the weights alone`
    : `${bytes} at ${contextTokens} tokens`;
}

/** Not on its GPU isn't "can't run": what is known of the other ways. */
function instead(holding: Holding, usable: number): string | null {
  const { onGpu, maxContextTokens, generations } = holding;
  if (onGpu === "small_context") {
    const limit = maxContextTokens === null ? "a shorter context" : `${maxContextTokens} tokens`;
    return `it holds ${limit}`;
  }
  if (generations.length > 0) return `runs it ${pace(holding, usable)}`;
  return beyondAllMemory(holding) ? "more than all its memory" : "not run with layers on the CPU";
}

const places = { gpu: "on its GPU ", "gpu+cpu": "with layers on the CPU ", cpu: "on the CPU " };

/** `on the CPU at 3.11 t/s, too slowly to use at under 5`. */
export function pace(holding: Holding, usable: number): string {
  return speedOf(holding) < usable
    ? `${whereAndSpeed(holding)}, ${tooSlowly(usable)}`
    : whereAndSpeed(holding);
}

export function tooSlowly(usable: number): string {
  return `too slowly to use at under ${usable}`;
}

/** `on the CPU at 3.11 t/s`. */
export function whereAndSpeed(holding: Holding): string {
  const [first] = holding.generations;
  const placement = first === undefined ? null : placementOf(first);
  const where = placement === null ? "" : places[placement];
  return `${where}at ${threeDigits(speedOf(holding))} t/s`;
}

function beyondAllMemory({ neededBytes, machine }: Holding): boolean {
  const { gpuBudgetBytes, ramBytes, backend } = machine;
  if (neededBytes === null || ramBytes === null) return false;
  const all = backend === "metal" ? ramBytes : ramBytes + (gpuBudgetBytes ?? 0);
  return neededBytes > all;
}

/** The largest that a raised Metal limit would hold; the stock limit is the owner's to change. */
function raisedLimit(beyond: readonly Holding[]): string[] {
  const reachable = beyond.flatMap((holding) => {
    const { machine, neededBytes } = holding;
    if (machine.backend !== "metal" || machine.ramBytes === null || neededBytes === null) return [];
    const raised = raisedMetalLimit(neededBytes, machine.ramBytes);
    return raised !== null && raised.limitBytes > (machine.gpuBudgetBytes ?? 0)
      ? [{ holding, raised }]
      : [];
  });
  const largest = reachable.at(-1);
  if (largest === undefined) return [];
  const { holding, raised } = largest;
  return [
    `A Metal limit raised with \`${raised.command}\` would hold ${holding.name} on ${holding.machine.label} and leave macOS ${gib(raised.leavesBytes)}.`,
  ];
}

/** Models that run on the GPU, and still below what one would use. */
export function slowSentences(holdings: readonly Holding[], usable: number): string[] {
  const slow = holdings.filter(
    (holding) =>
      holding.onGpu === "yes" && holding.generations.length > 0 && speedOf(holding) < usable,
  );
  const [first] = slow;
  if (first === undefined) return [];
  const items = slow.map((holding) => `${holding.name} at ${threeDigits(speedOf(holding))} t/s`);
  return [
    `${first.machine.label} holds, and runs too slowly to use (below ${usable} t/s): ${listed(items)}.`,
  ];
}
