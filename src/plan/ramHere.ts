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
  machine: Pick<MachineInfo, "name" | "unified_memory">,
): RamBandwidth | null {
  if (givenGbps !== null) return { gbps: givenGbps, source: "given" };
  const measured = measuredGbps(roofs, machine.unified_memory);
  if (measured !== null) return { gbps: measured, source: "measured" };
  const described = loadMachines().find(
    (one) => one.unified && isNameOf(one, machine.name, one.backend),
  );
  return described === undefined
    ? null
    : { gbps: described.ram.bandwidthBytesPerSecond / 1e9, source: "described" };
}

/** The most that reading or copying it reached: by the CPU, and by a GPU whose memory it is too. */
function measuredGbps(roofs: readonly Roof[], unified: boolean): number | null {
  const rates = roofs.flatMap(({ workload, device, value, spoiled }) =>
    !spoiled && workload.kind !== "matmul" && (unified || device === theHost) ? [value] : [],
  );
  return rates.length === 0 ? null : Math.max(...rates);
}
