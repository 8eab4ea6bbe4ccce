/** What a plan is made of: cases, and what they share. */
import type { CaseSettings } from "../bench/settings.ts";
import type { TrainingNeed } from "../fit/trainingNeed.ts";
import type { SpeedPrediction } from "../predict/predictSpeed.ts";
import type { CaseMemory } from "./caseMemory.ts";
import type { Variant } from "./variant.ts";

export interface BenchCase {
  readonly id: string;
  readonly variant: Variant;
  readonly settings: CaseSettings;
  /** At most. */
  readonly launches: number;
  /** Null where the memory of the model's architecture can't be predicted. */
  readonly memory: CaseMemory | null;
  /** Of training; null of all else. */
  readonly training: TrainingNeed | null;
  /** Null where nothing tells how fast this machine is. */
  readonly speed: SpeedPrediction | null;
  /** What is asked of the engine: -1 is all. */
  readonly gpuLayers: number;
}

/** Cases that share a loaded model: one session measures them, one after the other. */
export interface LoadGroup {
  readonly variant: Variant;
  readonly placement: CaseSettings["placement"] & { readonly gpuLayers: number };
  readonly cases: readonly BenchCase[];
}
