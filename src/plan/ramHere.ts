/** How fast this machine's RAM is, as far as anybody says. */
import type { RamBandwidth } from "../bench/ramBandwidth.ts";
import { loadMachines } from "../machine/machineCatalogue.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { isNameOf } from "../predict/publishedRows.ts";
import { theHost, type Roof } from "../predict/roofs.ts";

/**
 * What the user says, else what was measured on it, else what is described of its chip: of RAM that somebody put beside a
 * processor no description tells.
 *
 * @param givenGbps `--ram-gbps`
 * @param machine with the name that `machineName` makes, not one of the user's
 */
export function ramHere(
  givenGbps: number | null,
  roofs: readonly Roof[],
  machine: Pick<MachineInfo, "name" | "unified_memory" | "default_threads">,
): RamBandwidth | null {
  if (givenGbps !== null) return { gbps: givenGbps, source: "given" };
  const measured = measuredGbps(roofs, machine);
  if (measured !== null) return { gbps: measured, source: "measured" };
  const described = loadMachines().find(
    (one) => one.unified && isNameOf(one, machine.name, one.backend),
  );
  return described === undefined
    ? null
    : { gbps: described.ram.bandwidthBytesPerSecond / 1e9, source: "described" };
}

/**
 * The most that reading or copying it reached: by the CPU, and by a GPU whose memory it is too. Fewer threads than the CPU
 * usually runs may not have reached what the memory gives.
 */
function measuredGbps(
  roofs: readonly Roof[],
  { unified_memory: unified, default_threads: threads }: Parameters<typeof ramHere>[2],
): number | null {
  const telling = roofs.filter(
    ({ workload, device, nThreads, spoiled }) =>
      !spoiled &&
      workload.kind !== "matmul" &&
      (device === theHost ? (nThreads ?? threads) >= threads : unified),
  );
  return telling.length === 0 ? null : Math.max(...telling.map(({ value }) => value));
}
