/** How much launches of one case differ on a machine, as `llmbench devices --noise` measured it. */
import { join } from "node:path";
import { z } from "zod";
import { KeptAnswers } from "../base/keptAnswers.ts";
import { machineAndEngine, type EngineIdentity } from "./machineAndEngine.ts";
import type { MachineInfo } from "./machineInfo.ts";

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

export function noiseFolder(cacheDir: string): string {
  return join(cacheDir, "noise");
}

/** Null where it wasn't measured on this machine with this engine. */
export function readNoise(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
): Noise | null {
  return new KeptAnswers(folder, noiseSchema).read(machineAndEngine(machine, engine));
}

export function keepNoise(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
  noise: Noise,
): Promise<void> {
  return new KeptAnswers(folder, noiseSchema).keep(machineAndEngine(machine, engine), noise);
}
