/** A machine that is known from its specifications instead of asked: what it holds and how fast it could be. */
import { memoryBudget, type MemoryBudget } from "./memoryBudget.ts";
import { stockWorkingSetBytes } from "./metalLimit.ts";
import { discreteId, unifiedId } from "./entryIds.ts";
import type { DiscreteEntry, UnifiedEntry } from "./machineEntry.ts";
import type { MachineFile } from "./machineFile.ts";

const gib = 2 ** 30;
const gigabyte = 1e9;

export interface DescribedMachine {
  /** Made as a probed machine's name is: `m3-max-40c-64gb`, `2x-rtx-4090-24gb`. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** For people: `Apple M3 Max, 40 GPU cores, 64 GB`. */
  readonly name: string;
  readonly backend: "metal" | "cuda" | "vulkan";
  readonly unified: boolean;
  readonly gpu: {
    readonly name: string;
    readonly count: number;
    /** Apple's count, which tells two chips of one name apart. */
    readonly cores: number | null;
    /** Of each: on the box. Unified: the RAM. */
    readonly memoryBytes: number;
    /** Of each: what llama.cpp can use. Unified: at the system's stock limit. */
    readonly usableBytes: number;
    readonly bandwidthBytesPerSecond: number;
    /** Dense FP16 matrix operations a second with FP32 sums; null where the maker doesn't say. */
    readonly fp16OperationsPerSecond: number | null;
  };
  readonly ram: { readonly bytes: number; readonly bandwidthBytesPerSecond: number };
  /** Where the figures are from, by figure. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Taken by the system and its idle programs, of the RAM of a described machine. */
const systemBytes = 2 * gib;

/**
 * Kept by driver and context on a discrete GPU. llama.cpp finds free on idle cards under Linux: 23 982 MiB of 24 GiB
 * (RTX 3090), 31 640 of 32 (RTX 5090), 80 565 of 80 (H100), 96 693 of 96 (RTX PRO 6000); Windows keeps more.
 */
function usableDeviceBytes(memoryBytes: number): number {
  return Math.round(memoryBytes * (1 - 0.0125) - 0.5 * gib);
}

/** Every machine of a file: one for each memory size and count of its entries. */
export function describedMachines(file: MachineFile): DescribedMachine[] {
  return [
    ...file.unified.flatMap((entry) =>
      entry.ram_gib.map((ramGib) => unifiedMachine(entry, ramGib, file)),
    ),
    ...file.discrete.flatMap((entry) =>
      entry.memory_gib.flatMap((memoryGib) =>
        entry.counts.map((count) => discreteMachine(entry, memoryGib, count, file)),
      ),
    ),
  ];
}

function unifiedMachine(entry: UnifiedEntry, ramGib: number, file: MachineFile): DescribedMachine {
  const cores = entry.gpu_cores ?? null;
  const bytes = (entry.visible_ram_gib?.value ?? ramGib) * gib;
  const share = entry.gpu_share?.value ?? 1;
  const bandwidth = entry.bandwidth_gbs.value * gigabyte;
  return {
    id: unifiedId(entry, ramGib),
    // An alias means one machine: the one with the most memory goes by it.
    aliases: ramGib === Math.max(...entry.ram_gib) ? entry.aliases : [],
    name: [entry.chip, cores === null ? "" : `${cores} GPU cores`, `${ramGib} GB`]
      .filter((part) => part !== "")
      .join(", "),
    backend: entry.backend,
    unified: true,
    gpu: {
      name: entry.chip,
      count: 1,
      cores,
      memoryBytes: bytes,
      usableBytes:
        entry.backend === "metal" ? stockWorkingSetBytes(bytes) : Math.round(bytes * share),
      bandwidthBytesPerSecond: bandwidth,
      fp16OperationsPerSecond: operations(entry),
    },
    ram: { bytes, bandwidthBytesPerSecond: bandwidth },
    sources: sourcesOf(file, {
      bandwidth_gbs: entry.bandwidth_gbs,
      fp16_tflops: entry.fp16_tflops,
      gpu_share: entry.gpu_share,
      visible_ram_gib: entry.visible_ram_gib,
    }),
  };
}

function discreteMachine(
  entry: DiscreteEntry,
  memoryGib: number,
  count: number,
  file: MachineFile,
): DescribedMachine {
  const memoryBytes = memoryGib * gib;
  const times = count > 1 ? `${count}x` : "";
  return {
    id: discreteId(entry, memoryGib, count),
    aliases: count === 1 && memoryGib === Math.max(...entry.memory_gib) ? entry.aliases : [],
    name: `${times === "" ? "" : `${times} `}${entry.gpu}, ${memoryGib} GB`,
    backend: entry.backend,
    unified: false,
    gpu: {
      name: entry.gpu,
      count,
      cores: null,
      memoryBytes,
      usableBytes:
        entry.usable_gib === undefined
          ? usableDeviceBytes(memoryBytes)
          : Math.round(entry.usable_gib.value * gib),
      bandwidthBytesPerSecond: entry.bandwidth_gbs.value * gigabyte,
      fp16OperationsPerSecond: operations(entry),
    },
    ram: {
      bytes: (file.host?.ram_gib.value ?? 0) * gib,
      bandwidthBytesPerSecond: (file.host?.bandwidth_gbs.value ?? 0) * gigabyte,
    },
    sources: sourcesOf(file, {
      bandwidth_gbs: entry.bandwidth_gbs,
      fp16_tflops: entry.fp16_tflops,
      usable_gib: entry.usable_gib,
      "host.ram_gib": file.host?.ram_gib,
      "host.bandwidth_gbs": file.host?.bandwidth_gbs,
    }),
  };
}

function operations({ fp16_tflops }: UnifiedEntry | DiscreteEntry): number | null {
  return fp16_tflops === undefined ? null : fp16_tflops.value * 1e12;
}

function sourcesOf(
  { sources }: MachineFile,
  figures: Readonly<Record<string, { readonly source: string } | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([key, figure]) =>
      figure === undefined ? [] : [[key, sources[figure.source] ?? figure.source]],
    ),
  );
}

const deviceNames = { metal: "MTL", cuda: "CUDA", vulkan: "Vulkan" } as const;

/** `gpuBudgetBytes` is `--gpu-budget`: bytes for each device. */
export function describedBudget(machine: DescribedMachine, gpuBudgetBytes?: number): MemoryBudget {
  const { backend, unified, gpu, ram } = machine;
  return memoryBudget(
    {
      ramBytes: ram.bytes,
      ramAvailableBytes: Math.max(0, ram.bytes - systemBytes),
      metal: backend === "metal",
      devices: Array.from({ length: gpu.count }, (_, index) => ({
        name: `${deviceNames[backend]}${index}`,
        description: gpu.name,
        memory: unified ? "host" : "own",
        usableBytes: gpu.usableBytes,
      })),
    },
    gpuBudgetBytes,
  );
}
