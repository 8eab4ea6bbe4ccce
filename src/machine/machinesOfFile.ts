/** The machines that a file describes: one for each size of memory and each count of its entries. */
import type { DescribedGpu, DescribedMachine } from "./describedMachine.ts";
import { discreteId, serverId, unifiedId } from "./entryIds.ts";
import type { DiscreteEntry, ServerEntry, UnifiedEntry } from "./machineEntry.ts";
import type { MachineFile } from "./machineFile.ts";
import { stockWorkingSetBytes } from "./metalLimit.ts";

const gib = 2 ** 30;
const gigabyte = 1e9;

/**
 * Kept by driver and context on a discrete GPU. llama.cpp finds free on idle cards under Linux: 23 982 MiB of 24 GiB
 * (RTX 3090), 31 640 of 32 (RTX 5090), 80 565 of 80 (H100), 96 693 of 96 (RTX PRO 6000); Windows keeps more.
 */
function usableDeviceBytes(memoryBytes: number): number {
  return Math.round(memoryBytes * (1 - 0.0125) - 0.5 * gib);
}

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
    ...file.servers.flatMap((entry) =>
      entry.ram_gib.map((ramGib) => serverMachine(entry, ramGib, file)),
    ),
  ];
}

function unifiedMachine(entry: UnifiedEntry, ramGib: number, file: MachineFile): DescribedMachine {
  const cores = entry.gpu_cores ?? null;
  const bytes = Math.round((entry.visible_ram_gib?.value ?? ramGib) * gib);
  const share = entry.gpu_share?.value ?? 1;
  const bandwidth = entry.bandwidth_gbs.value * gigabyte;
  const gpu: DescribedGpu = {
    name: entry.chip,
    count: 1,
    cores,
    memoryBytes: bytes,
    usableBytes:
      entry.backend === "metal" ? stockWorkingSetBytes(bytes) : Math.round(bytes * share),
    bandwidthBytesPerSecond: bandwidth,
    fp16OperationsPerSecond: operations(entry),
    pcieBytesPerSecond: null,
  };
  return {
    id: unifiedId(entry, ramGib),
    // An alias means one machine: the one with the most memory goes by it.
    aliases: ramGib === Math.max(...entry.ram_gib) ? entry.aliases : [],
    name: [entry.chip, cores === null ? "" : `${cores} GPU cores`, `${ramGib} GB`]
      .filter((part) => part !== "")
      .join(", "),
    backend: entry.backend,
    unified: true,
    gpu,
    gpus: [gpu],
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
  const pcie = entry.pcie_gbs ?? file.host?.pcie_gbs;
  const gpu: DescribedGpu = {
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
    pcieBytesPerSecond: pcie === undefined ? null : pcie.value * gigabyte,
  };
  return {
    id: discreteId(entry, memoryGib, count),
    aliases: count === 1 && memoryGib === Math.max(...entry.memory_gib) ? entry.aliases : [],
    name: `${count > 1 ? `${count}x ` : ""}${entry.gpu}, ${memoryGib} GB`,
    backend: entry.backend,
    unified: false,
    gpu,
    gpus: [gpu],
    ram: {
      bytes: (file.host?.ram_gib.value ?? 0) * gib,
      bandwidthBytesPerSecond: (file.host?.bandwidth_gbs.value ?? 0) * gigabyte,
    },
    sources: sourcesOf(file, {
      bandwidth_gbs: entry.bandwidth_gbs,
      fp16_tflops: entry.fp16_tflops,
      usable_gib: entry.usable_gib,
      pcie_gbs: pcie,
      "host.ram_gib": file.host?.ram_gib,
      "host.bandwidth_gbs": file.host?.bandwidth_gbs,
    }),
  };
}

function serverMachine(entry: ServerEntry, ramGib: number, file: MachineFile): DescribedMachine {
  const { cpu, sockets, aliases, bandwidth_gbs } = entry;
  const bytes = ramGib * gib;
  const bandwidth = bandwidth_gbs.value * gigabyte;
  return {
    id: serverId(entry, ramGib),
    aliases: ramGib === Math.max(...entry.ram_gib) ? aliases : [],
    name: `${sockets > 1 ? `${sockets}x ` : ""}${cpu}, ${ramGib} GB`,
    backend: "cpu",
    unified: true,
    gpu: {
      name: cpu,
      count: 1,
      cores: null,
      memoryBytes: bytes,
      usableBytes: bytes,
      bandwidthBytesPerSecond: bandwidth,
      fp16OperationsPerSecond: null,
      pcieBytesPerSecond: null,
    },
    gpus: [],
    ram: { bytes, bandwidthBytesPerSecond: bandwidth },
    sources: sourcesOf(file, { bandwidth_gbs }),
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
