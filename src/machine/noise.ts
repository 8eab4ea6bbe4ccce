/** How much launches of one case differ on a machine, as `llmbench devices --noise` measured it. */
import { join } from "node:path";
import { z } from "zod";
import { KeptAnswers } from "../base/keptAnswers.ts";
import type { EngineFacts } from "./devicesReport.ts";
import type { MachineInfo } from "./machineInfo.ts";
import { soldMemoryGib } from "./memorySize.ts";

export const noiseSchema = z.object({
  /** Standard deviation of the launches' mean speeds, as a share of their mean: of prompts, and of generation. */
  prompt_sd: z.number().min(0),
  generation_sd: z.number().min(0),
  launches: z.number().int().min(2),
  /** What was measured: `tinyllama-1.1b q4_0, pp64 and tg16`. */
  measured_on: z.string(),
  measured_at: z.string(),
});
export type Noise = z.infer<typeof noiseSchema>;

type Engine = Pick<EngineFacts, "engine_version" | "build_commit" | "backend">;

/** What another noise must be expected of: other hardware, or another engine on it. */
function questionOf(machine: MachineInfo, engine: Engine): object {
  const { cpu_info: cpu, gpu_info: gpu, gpu_cores: gpuCores, machine_model: model } = machine;
  const { engine_version: version, build_commit: commit, backend } = engine;
  const ramGib = soldMemoryGib(machine.ram_bytes);
  return { cpu, gpu, gpuCores, model, ramGib, version, commit, backend };
}

export function noiseFolder(cacheDir: string): string {
  return join(cacheDir, "noise");
}

/** Null where it wasn't measured on this machine with this engine. */
export function readNoise(folder: string, machine: MachineInfo, engine: Engine): Noise | null {
  return new KeptAnswers(folder, noiseSchema).read(questionOf(machine, engine));
}

export function keepNoise(
  folder: string,
  machine: MachineInfo,
  engine: Engine,
  noise: Noise,
): Promise<void> {
  return new KeptAnswers(folder, noiseSchema).keep(questionOf(machine, engine), noise);
}
