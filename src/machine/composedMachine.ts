/**
 * Boxes that no file describes, of cards that one does: `3x-rtx-3090-24gb`, and unlike cards in one box,
 * `rtx-4090-24gb-rtx-3090-24gb`, as a machine with these cards is named once it is probed.
 */
import { LlmbenchError } from "../errors.ts";
import type { DescribedGpu, DescribedMachine } from "./describedMachine.ts";

/** What a board has slots for, with risers and switches. */
const mostCards = 16;

interface Part {
  readonly machine: DescribedMachine;
  readonly count: number;
}

/**
 * Null for a name that isn't made of ids, or aliases, of single cards.
 *
 * @throws LlmbenchError (`usage`) for more cards than a box holds
 */
export function composedMachine(
  name: string,
  machines: readonly DescribedMachine[],
): DescribedMachine | null {
  const cards = machines.filter(({ unified, gpu }) => !unified && gpu.count === 1);
  const parts = merged(partsOf(name, cards) ?? []);
  const [first] = parts;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  if (first === undefined) return null;
  if (count > mostCards) {
    throw new LlmbenchError(
      "usage",
      `machine ${name}: expected at most ${mostCards} cards in one box, got ${count}`,
    );
  }
  const gpus = parts.map(({ machine, count: times }) => ({ ...machine.gpu, count: times }));
  const backends = new Set(parts.map(({ machine }) => machine.backend));
  return {
    id: parts.map(({ machine, count: times }) => label(times, "x-", machine.id)).join("-"),
    aliases: [],
    name: parts.map(({ machine, count: times }) => label(times, "x ", machine.name)).join(" + "),
    // Vulkan drives cards of any maker together.
    backend: backends.size === 1 ? first.machine.backend : "vulkan",
    unified: false,
    gpu: asOneKind(gpus),
    gpus,
    ram: first.machine.ram,
    sources: sourcesOf(parts),
  };
}

function label(count: number, times: string, name: string): string {
  return count > 1 ? `${count}${times}${name}` : name;
}

/** Cards one after the other, each perhaps with a count before it; null where something else stands between. */
function partsOf(name: string, cards: readonly DescribedMachine[]): Part[] | null {
  const [, times, rest = ""] = /^(?:(\d+)x-)?(.+)$/.exec(name) ?? [];
  const count = times === undefined ? 1 : Number(times);
  if (count < 1) return null;
  for (const machine of cards) {
    for (const known of [machine.id, ...machine.aliases]) {
      if (rest === known) return [{ machine, count }];
      if (!rest.startsWith(`${known}-`)) continue;
      const others = partsOf(rest.slice(known.length + 1), cards);
      if (others !== null) return [{ machine, count }, ...others];
    }
  }
  return null;
}

/** Cards of one kind are counted together. */
function merged(parts: readonly Part[]): Part[] {
  const counts = new Map<DescribedMachine, number>();
  for (const { machine, count } of parts) counts.set(machine, (counts.get(machine) ?? 0) + count);
  return [...counts].map(([machine, count]) => ({ machine, count }));
}

/** Layers are split by what each card holds, and cards work one after the other: times add up, rates by their inverses. */
function asOneKind(gpus: readonly DescribedGpu[]): DescribedGpu {
  const count = ofAll(gpus, () => 1);
  const usable = ofAll(gpus, (gpu) => gpu.usableBytes);
  const rate = (of: (gpu: DescribedGpu) => number) =>
    usable / ofAll(gpus, (gpu) => gpu.usableBytes / of(gpu));
  const known = gpus.every((gpu) => gpu.fp16OperationsPerSecond !== null);
  const slots = gpus.map((gpu) => gpu.pcieBytesPerSecond);
  return {
    name: gpus.map((gpu) => gpu.name).join(" + "),
    count,
    cores: null,
    memoryBytes: ofAll(gpus, (gpu) => gpu.memoryBytes) / count,
    usableBytes: usable / count,
    bandwidthBytesPerSecond: rate((gpu) => gpu.bandwidthBytesPerSecond),
    fp16OperationsPerSecond: known ? rate((gpu) => gpu.fp16OperationsPerSecond ?? 1) : null,
    pcieBytesPerSecond: slots.includes(null) ? null : Math.min(...slots.map((slot) => slot ?? 0)),
  };
}

/** Of all cards. */
function ofAll(gpus: readonly DescribedGpu[], of: (gpu: DescribedGpu) => number): number {
  return gpus.reduce((total, gpu) => total + gpu.count * of(gpu), 0);
}

/** Of one kind as they are, of several by card. */
function sourcesOf(parts: readonly Part[]): Record<string, string> {
  if (parts.length === 1) return { ...parts[0]?.machine.sources };
  return Object.fromEntries(
    parts.flatMap(({ machine }) =>
      Object.entries(machine.sources).map(([key, source]) => [
        key.startsWith("host.") ? key : `${machine.id} ${key}`,
        source,
      ]),
    ),
  );
}
