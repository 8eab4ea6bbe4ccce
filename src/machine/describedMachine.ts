/** A machine that is known from its specifications instead of asked: what it holds and how fast it could be. */
import type { DescribedBackend } from "../bench/backends.ts";
import { memoryBudget, type MemoryBudget } from "./memoryBudget.ts";

const gib = 2 ** 30;

/** GPUs of one kind. */
export interface DescribedGpu {
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
  /** What the slot carries one way; null where memory is shared, and where nobody says. */
  readonly pcieBytesPerSecond: number | null;
}

export interface DescribedMachine {
  /** Made as a probed machine's name is: `m3-max-40c-64gb`, `2x-rtx-4090-24gb`. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** For people: `Apple M3 Max, 40 GPU cores, 64 GB`. */
  readonly name: string;
  readonly backend: DescribedBackend;
  readonly unified: boolean;
  /** All of them as if of one kind: of unlike ones the mean of sizes, and the rates at which layers split by size go. A server's CPUs. */
  readonly gpu: DescribedGpu;
  /** By kind, in the order of llama.cpp's devices; none in a server without GPUs. */
  readonly gpus: readonly DescribedGpu[];
  readonly ram: { readonly bytes: number; readonly bandwidthBytesPerSecond: number };
  /** Where the figures are from, by figure. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Taken by the system and its idle programs, of the RAM of a described machine. */
const systemBytes = 2 * gib;

/** As llama.cpp calls them, without their number. */
const deviceNames = {
  metal: "MTL",
  cuda: "CUDA",
  vulkan: "Vulkan",
  rocm: "ROCm",
  cpu: "CPU",
} as const satisfies Record<DescribedBackend, string>;

/** `gpuBudgetBytes` is `--gpu-budget`: bytes for each device. */
export function describedBudget(machine: DescribedMachine, gpuBudgetBytes?: number): MemoryBudget {
  const { backend, unified, gpus, ram } = machine;
  const cards = gpus.flatMap((gpu) => Array.from({ length: gpu.count }, () => gpu));
  return memoryBudget(
    {
      ramBytes: ram.bytes,
      ramAvailableBytes: Math.max(0, ram.bytes - systemBytes),
      metal: backend === "metal",
      devices: cards.map(({ name, usableBytes }, index) => ({
        name: `${deviceNames[backend]}${index}`,
        description: name,
        memory: unified ? "host" : "own",
        usableBytes,
      })),
    },
    gpuBudgetBytes,
  );
}
