/** What a maker says of a machine, as far as speed goes by it. */
import type { DescribedBackend } from "../bench/backends.ts";
import { chipName } from "../machine/machineName.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";

export interface Datasheet {
  readonly backend: DescribedBackend;
  readonly unified: boolean;
  /** GPUs; layers are split over them. */
  readonly deviceCount: number;
  /** `m3-max`, `rtx-4090`. */
  readonly chip: string;
  readonly gpuCores: number | null;
  /** Of one device's memory; of the RAM without a GPU. Null where it isn't known. */
  readonly bandwidthBytesPerSecond: number | null;
  /** Of one device: dense FP16 matrix operations a second with FP32 sums. */
  readonly fp16OperationsPerSecond: number | null;
  /** Of the RAM beside a GPU; unified memory's own. */
  readonly hostBandwidthBytesPerSecond: number | null;
  /** What a device's slot carries one way; null of one memory for all, and where nobody says. */
  readonly pcieBytesPerSecond: number | null;
}

export function datasheetOf({ backend, unified, gpu, ram }: DescribedMachine): Datasheet {
  return {
    backend,
    unified,
    deviceCount: gpu.count,
    chip: chipName(gpu.name),
    gpuCores: gpu.cores,
    bandwidthBytesPerSecond: gpu.bandwidthBytesPerSecond,
    fp16OperationsPerSecond: gpu.fp16OperationsPerSecond,
    hostBandwidthBytesPerSecond: ram.bandwidthBytesPerSecond || null,
    pcieBytesPerSecond: gpu.pcieBytesPerSecond,
  };
}

/** A machine of which little is known: it is predicted from what it measured. */
export function unknownDatasheet(backend: DescribedBackend, deviceCount = 1): Datasheet {
  return {
    backend,
    unified: backend === "metal",
    deviceCount,
    chip: "",
    gpuCores: null,
    bandwidthBytesPerSecond: null,
    fp16OperationsPerSecond: null,
    hostBandwidthBytesPerSecond: null,
    pcieBytesPerSecond: null,
  };
}
