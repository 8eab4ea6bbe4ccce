/** The settings that hold for a whole run, as the journal keeps them for a resume. */
import { z } from "zod";
import { noiseSchema } from "../machine/noise.ts";
import type { NonEmpty } from "../bench/launch.ts";
import { warmups } from "../bench/repetitions.ts";
import { deviceChoices } from "../bench/backends.ts";
import { ownValues } from "../engines/ownFlags.ts";
import { engineRow, usualEngine } from "../engines/registry.ts";
import type { RunSettings } from "../suite/settings.ts";

const ofEngine = {
  /** Journals of earlier versions were all measured by the usual one. */
  engine: z.string().default(usualEngine),
  /** What was said with the engine's own flags, by their keys. */
  own: z.record(z.string(), z.unknown()).default({}),
  device: z.enum(deviceChoices),
  /** How much launches differ on this machine with it, as it was known when the run began. */
  noise: noiseSchema.nullable().default(null),
};

export const runOptionsSchema = z.object({
  suite: z.string(),
  ...ofEngine,
  /** Further engines that measure in the same run. */
  beside: z.array(z.object(ofEngine)).default([]),
  weights: z.enum(["auto", "synthetic", "real"]),
  repetitions: z.union([z.number().int().min(1), z.literal("auto")]),
  /** Of runs before they could be `auto`, each case of the plan tells its own. */
  launches: z.union([z.number().int().min(1), z.literal("auto")]).default(1),
  precision: z.number().positive(),
  maxTimeSeconds: z.number().min(0),
  sustainSeconds: z.number().positive().nullable().default(null),
  warmup: z.enum(warmups),
  delaySeconds: z.number().min(0),
  seed: z.number().int(),
  gpuBudgetBytes: z.number().nullable(),
  /** Of runs before it could be said, nobody said it. */
  ramGbps: z.number().positive().nullable().default(null),
  useCtx: z.number().int().nullable(),
  force: z.boolean(),
  timeoutSeconds: z.number().min(0),
  machineName: z.string().nullable(),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;

/**
 * Other keys of the settings are dropped: cases have theirs in the plan.
 * @param beside what further engines measure
 */
export function runOptions(
  settings: RunSettings,
  suite: string,
  beside: readonly RunSettings[] = [],
): RunOptions {
  return runOptionsSchema.parse({
    ...settings,
    suite,
    own: ownOf(settings),
    beside: beside.map((one) => ({ ...one, own: ownOf(one) })),
  });
}

function ownOf(settings: RunSettings) {
  return ownValues(engineRow(settings.engine), { ...settings });
}

/** The same as each of the run's engines has them, the run's own first. */
export function engineOptions(options: RunOptions): NonEmpty<RunOptions> {
  return [options, ...options.beside.map((one) => ({ ...options, ...one }))];
}
