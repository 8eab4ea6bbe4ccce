/** How fast a case is expected to be on this machine, where its like has been measured. */
import { gpuDevices, type EngineInfo } from "../llamacpp/engineInfo.ts";
import { loadMachines } from "../machine/machineCatalogue.ts";
import { hereSource } from "../predict/hereSource.ts";
import {
  predictSpeed,
  speedModels,
  type SpeedModels,
  type SpeedPrediction,
} from "../predict/predictSpeed.ts";
import type { CaseRow } from "../results/caseResult.ts";
import { publishedResults } from "../results/publishedResults.ts";
import type { CaseSettings, Workload } from "../suite/caseSettings.ts";
import type { CaseMemory } from "./caseMemory.ts";
import type { Variant } from "./plan.ts";

/**
 * What is known of this machine's speed: `measured` rows of its own, and published ones of its like.
 *
 * @param name made by `machineName`, not one of the user's
 */
export function hereSpeed(
  name: string,
  engine: EngineInfo,
  measured: readonly CaseRow[] = [],
): SpeedModels {
  const { backend } = engine;
  const deviceCount = Math.max(1, gpuDevices(engine).length);
  // Nobody publishes what a CPU does: reading the tables would be in vain.
  const [machines, published] = backend === "cpu" ? [[], []] : [loadMachines(), publishedResults()];
  return speedModels(hereSource({ name, backend, deviceCount, measured }, machines, published));
}

/** Null where nothing is known, or the case runs nowhere on this machine. */
export function caseSpeed(
  { memory, quantization }: Pick<Variant, "memory" | "quantization">,
  { workload, placement, context }: CaseSettings,
  fits: CaseMemory | null,
  speed: SpeedModels,
): SpeedPrediction | null {
  if (memory === null || !memory.known || fits === null || fits.fit.fit === "none") return null;
  return predictSpeed(
    {
      ...workload,
      ...placement,
      ...context,
      shape: memory.shape,
      tensors: memory.tensors,
      quantization,
      nGpuLayers: fits.fit.nGpuLayers,
      flashAttention: context.flashAttn !== "off",
    },
    speed,
  );
}

/** Tokens per second of a test as a whole; null where its prompt's speed is not known. */
export function testSpeed(
  { nPrompt, nGen }: Workload,
  { tg_ts: tg, pp_ts: pp }: Pick<SpeedPrediction, "tg_ts" | "pp_ts">,
): number | null {
  if (nPrompt === 0) return tg;
  return pp === null ? null : (nPrompt + nGen) / (nPrompt / pp + nGen / tg);
}
