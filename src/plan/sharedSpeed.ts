/** How fast a case is expected to be that other machines hold a part of. */
import type { Link } from "../bench/link.ts";
import { ownDevices } from "../bench/lentDevices.ts";
import type { EngineDevice, EngineInfo } from "../bench/engineInfo.ts";
import type { CaseSettings } from "../bench/settings.ts";
import type { Lender } from "../engines/engine.ts";
import { placedDevices } from "../fit/placedDevices.ts";
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import { predictClusterSpeed, type ClusterMachine } from "../predict/clusterSpeed.ts";
import type { LinkSpeed } from "../predict/linkSpeed.ts";
import type { SpeedModels, SpeedPrediction } from "../predict/predictSpeed.ts";
import type { CaseMemory } from "./caseMemory.ts";
import { caseQuestion } from "./caseSpeed.ts";
import { knownSpeed } from "./hereSpeed.ts";
import { fromTold } from "./toldSpeed.ts";
import type { Variant } from "./variant.ts";

/**
 * This machine and those that lend, as far as their speeds and the ways to them are known: others are left out.
 *
 * @param here this machine alone
 */
export function clusterMachines(
  { devices, backend }: Pick<EngineInfo, "devices" | "backend">,
  lenders: readonly Lender[],
  here: SpeedModels,
): readonly ClusterMachine[] {
  const own: ClusterMachine = {
    models: here,
    devices: ownDevices({ devices }).map(({ name }) => name),
    holdsHost: backend === "cpu",
    link: null,
  };
  const others = lenders.flatMap(({ number, speed, link }): ClusterMachine[] => {
    const known = fromTold(speed);
    const way = link === null ? null : measuredLink(link);
    if (known === null || way === null) return [];
    const lent = devices.filter(({ server }: EngineDevice) => server?.number === number);
    return [
      {
        models: knownSpeed(known),
        devices: lent.map(({ name }) => name),
        holdsHost: false,
        link: way,
      },
    ];
  });
  return [...others, own];
}

/** Null where it was too narrow to try. */
function measuredLink({ ms, upGbps, downGbps, afterRest = [] }: Link): LinkSpeed | null {
  if (upGbps === null || downGbps === null) return null;
  return {
    roundTripSeconds: ms / 1000,
    up: {
      bytesPerSecond: upGbps * 1e9,
      afterRest: afterRest.map(({ bytes, upMs }) => ({ bytes, seconds: upMs / 1000 })),
    },
    down: {
      bytesPerSecond: downGbps * 1e9,
      afterRest: afterRest.map(({ bytes, downMs }) => ({ bytes, seconds: downMs / 1000 })),
    },
    isMeasured: true,
  };
}

/** Null where nothing is known of a machine that holds layers, and wherever nothing is predicted of one machine either. */
export function sharedSpeed(
  variant: Pick<Variant, "memory" | "quantization">,
  settings: CaseSettings,
  fits: CaseMemory | null,
  budget: MemoryBudget,
  machines: readonly ClusterMachine[],
): SpeedPrediction | null {
  const question = caseQuestion(variant, settings, fits);
  if (question === null || fits === null) return null;
  const placement = { ...settings.placement, gpuLayers: question.nGpuLayers };
  const placed = placedDevices(question.model.placedLayers, placement, budget);
  return predictClusterSpeed(question, placed, machines);
}
