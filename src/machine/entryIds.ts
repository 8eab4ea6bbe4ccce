/** Names of the machines of one entry: made as a probed machine's is, `m3-max-40c-64gb`, `2x-rtx-4090-24gb`. */
import type { DiscreteEntry, ServerEntry, UnifiedEntry } from "./machineEntry.ts";
import { chipName } from "./machineName.ts";

export function unifiedId({ id, chip, gpu_cores: cores }: UnifiedEntry, ramGib: number): string {
  return id ?? joined(chipName(chip), cores === undefined ? "" : `${cores}c`, `${ramGib}gb`);
}

export function discreteId({ id, gpu }: DiscreteEntry, memoryGib: number, count: number): string {
  return id ?? joined(times(count), chipName(gpu), `${memoryGib}gb`);
}

export function serverId({ id, cpu, sockets }: ServerEntry, ramGib: number): string {
  return id ?? joined(times(sockets), chipName(cpu), `${ramGib}gb`);
}

/** Of all machines of an entry. */
export function unifiedIds(entry: UnifiedEntry): string[] {
  return entry.ram_gib.map((ramGib) => unifiedId(entry, ramGib));
}

export function discreteIds(entry: DiscreteEntry): string[] {
  return entry.memory_gib.flatMap((memoryGib) =>
    entry.counts.map((count) => discreteId(entry, memoryGib, count)),
  );
}

export function serverIds(entry: ServerEntry): string[] {
  return entry.ram_gib.map((ramGib) => serverId(entry, ramGib));
}

function times(count: number): string {
  return count > 1 ? `${count}x` : "";
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("-");
}
