import type { EngineInfo } from "../bench/engineInfo.ts";
import type { DeviceList } from "../bench/settings.ts";
import type { PageCache } from "../bench/weights.ts";
import type { EngineTraits } from "../engines/engine.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import type { Noise } from "../machine/noise.ts";

/** What all cases of one engine of a run share. */
export interface RunContext {
  readonly runId: string;
  readonly machine: MachineInfo;
  readonly engine: EngineInfo;
  readonly traits: EngineTraits;
  /** Device memory that the engine may use of the devices that a placement names; null without any. */
  readonly gpuBudgetOf: (devices: DeviceList) => number | null;
  readonly repetitions: number | "auto";
  readonly seed: number;
  /** Null where it wasn't measured. */
  readonly noise: Noise | null;
  /** SHA-256 of weights that were found, by what is opened. */
  readonly sha256: Map<string, string>;
  /** Of files that were loaded so far, by what is opened. */
  readonly pageCaches: Map<string, PageCache>;
}
