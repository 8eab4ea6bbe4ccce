/** A described machine with the RAM that its user says it has, in the place of the described one. */
import { LlmbenchError } from "../errors.ts";
import type { DescribedMachine } from "./describedMachine.ts";

const gigabyte = 1e9;

/**
 * Beside GPUs the box's own, whatever is described with such cards; of a server what its filled channels give.
 *
 * @param gbps 10^9 bytes a second
 * @throws LlmbenchError `usage` for a machine whose GPU computes in the same memory
 */
export function withRam(machine: DescribedMachine, gbps: number): DescribedMachine {
  const { id, unified, gpu, gpus, ram, sources } = machine;
  if (unified && gpus.length > 0) {
    throw new LlmbenchError(
      "usage",
      `--ram-gbps: ${id} has one memory for CPU and GPU, of ${ram.bandwidthBytesPerSecond / gigabyte} GB/s; leave it out, or describe another machine in a YAML file`,
    );
  }
  const bandwidthBytesPerSecond = gbps * gigabyte;
  const given = "given with --ram-gbps";
  return {
    ...machine,
    ram: { ...ram, bandwidthBytesPerSecond },
    // Without GPUs the RAM is what is computed in.
    gpu: gpus.length === 0 ? { ...gpu, bandwidthBytesPerSecond } : gpu,
    sources: { ...sources, [ramSourceKey(machine)]: given },
  };
}

/** The figure among a machine's sources that tells its RAM's bandwidth. */
export function ramSourceKey({ unified }: Pick<DescribedMachine, "unified">): string {
  return unified ? "bandwidth_gbs" : "host.bandwidth_gbs";
}
