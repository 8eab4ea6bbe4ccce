/** How fast a case is expected to be on this machine, where its like has been measured. */
import type { EngineInfo } from "../bench/engineInfo.ts";
import { gpuDevices } from "../bench/gpuDevices.ts";
import type { CaseRecord } from "../bench/record.ts";
import { generatedTokens, isLlamaBench, promptTokens, type Workload } from "../bench/workload.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { loadMachines } from "../machine/machineCatalogue.ts";
import { offloadTargets } from "../machine/offloadDevice.ts";
import { hereSource } from "../predict/hereSource.ts";
import {
  predictSpeed,
  speedModels,
  type SpeedModels,
  type SpeedPrediction,
} from "../predict/predictSpeed.ts";

import { publishedResults } from "../predict/publishedResults.ts";
import { addRowsHere, readRowsHere, rowsHereFolder } from "../predict/rowsHere.ts";
import { addRoofs, roofsOfCases, RoofsAt, theHost, type Roof } from "../predict/roofs.ts";
import { readRoofsHere, roofsHereFolder } from "../predict/roofsHere.ts";
import type { MachineRoofs } from "../predict/speedSource.ts";
import type { CaseSettings } from "../bench/settings.ts";
import type { CaseMemory } from "./caseMemory.ts";
import { ramHere } from "./ramHere.ts";
import type { Variant } from "./variant.ts";

/**
 * What is known of this machine's speed: rows that runs measured on it, and published ones of its like.
 *
 * @param machine with the name that `machineName` makes, not one of the user's
 * @param cacheDir where earlier runs' rows are kept
 * @param justMeasured rows that stand beside those, and before older ones of the same case
 * @param ramGbps what the user says of its RAM, in 10^9 bytes a second
 */
export function hereSpeed(
  machine: MachineInfo,
  engine: EngineInfo,
  cacheDir: string,
  justMeasured: readonly CaseRecord[] = [],
  ramGbps: number | null = null,
): SpeedModels {
  const { backend } = engine;
  const deviceCount = Math.max(1, gpuDevices(engine).length);
  const kept = readRowsHere(rowsHereFolder(cacheDir), machine, engine);
  const roofs = roofsHere(machine, engine, cacheDir, justMeasured);
  const here = {
    name: machine.name,
    // Of an engine that tells none, nothing is known or predicted.
    backend: backend ?? "cpu",
    deviceCount,
    measured: addRowsHere(kept, justMeasured, machine),
    roofs: roofsFor(roofs, machine, engine),
    ram: ramHere(ramGbps, roofs, machine),
  };
  // Nobody publishes what a CPU does: reading the tables would be in vain.
  const [machines, published] =
    here.backend === "cpu" ? [[], []] : [loadMachines(), publishedResults()];
  return speedModels(hereSource(here, machines, published));
}

/** Kept of this machine, and told by cases that were just measured. */
export function roofsHere(
  machine: MachineInfo,
  engine: EngineInfo,
  cacheDir: string,
  justMeasured: readonly CaseRecord[] = [],
): readonly Roof[] {
  const kept = readRoofsHere(roofsHereFolder(cacheDir), machine, engine);
  return addRoofs(kept, roofsOfCases(justMeasured));
}

/** Of the devices that a model would be placed on, and of the threads that the CPU has by itself. */
function roofsFor(
  roofs: readonly Roof[],
  { default_threads: nThreads }: MachineInfo,
  engine: EngineInfo,
): MachineRoofs | null {
  if (roofs.length === 0) return null;
  const host = new RoofsAt(roofs, { device: theHost, nThreads });
  const [gpu] = offloadTargets(gpuDevices(engine));
  if (engine.backend === "cpu" || gpu === undefined) return { device: host, host: null };
  return { device: new RoofsAt(roofs, { device: gpu.name, nThreads: null }), host };
}

/**
 * Of what doesn't fit, as if the machine had the memory. Null where nothing is known, of tests that llama-bench hasn't, where
 * the host attends, and where devices share every layer, of which nobody has published what it gains.
 */
export function caseSpeed(
  { memory, quantization }: Pick<Variant, "memory" | "quantization">,
  { workload, placement, context }: CaseSettings,
  fits: CaseMemory | null,
  speed: SpeedModels,
): SpeedPrediction | null {
  if (!isLlamaBench(workload) || memory === null || fits === null) return null;
  if (fits.fit.hostAttention !== null || placement.splitMode === "tensor") return null;
  // What tensors elsewhere, or the output of every token, cost is published nowhere.
  if (placement.tensorOverrides.length > 0 || context.embeddings) return null;
  return predictSpeed(
    {
      nPrompt: promptTokens(workload),
      nGen: generatedTokens(workload),
      nDepth: workload.depth,
      ...placement,
      ...context,
      model: memory,
      quantization,
      nGpuLayers: fits.layersWithEnoughRam,
      flashAttention: context.flashAttn !== "off",
    },
    speed,
  );
}

/** Tokens per second of a workload as a whole; null where that isn't predicted. */
export function workloadSpeed(
  workload: Workload,
  { tg_ts: tg, pp_ts: pp }: Pick<SpeedPrediction, "tg_ts" | "pp_ts">,
): number | null {
  if (!isLlamaBench(workload)) return null;
  const [prompt, generated] = [promptTokens(workload), generatedTokens(workload)];
  if (generated === 0) return pp;
  if (prompt === 0) return tg;
  return pp === null ? null : (prompt + generated) / (prompt / pp + generated / tg);
}
