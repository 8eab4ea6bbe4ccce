/** What measures: opens a model with a placement, measures cases on it, closes. A folder each. */
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { TimedLaunch } from "../bench/launch.ts";
import type { DeviceBuffers } from "../bench/memoryUse.ts";
import type { Phase } from "../bench/phases.ts";
import type { FailureCode, OomCode } from "../bench/statuses.ts";
import type { Workload } from "../bench/workload.ts";
import type { RepetitionRule } from "../bench/repetitions.ts";
import type { ContextSettings, LoadMode, Placement } from "../bench/settings.ts";
import type { Warmup } from "../bench/repetitions.ts";

export interface OpenRequest {
  readonly path: string;
  /** Layers resolved to a number; -1 is all. */
  readonly placement: Omit<Placement, "gpuLayers"> & { readonly gpuLayers: number };
}

export interface MeasureRequest {
  readonly workload: Workload;
  readonly context: ContextSettings;
  readonly repetitions: RepetitionRule;
  readonly warmup: Warmup;
  readonly delaySeconds: number;
  readonly seed: number;
}

/** Hears what happens, and stops it. */
export interface Watch {
  readonly onPhase: (phase: Phase) => void;
  readonly onSample: (ns: number) => void;
  /** A line of the engine's own log, as it comes. */
  readonly onLog?: (line: string) => void;
  /** Seconds without progress after which the engine is given up, whatever it does; 0 for none. */
  readonly timeoutSeconds: number;
  /**
   * How long a phase is predicted to take, in seconds, null where nothing is predicted: one that takes far longer and
   * does nothing any more hangs.
   */
  readonly expectedSeconds?: (phase: Phase) => number | null;
  readonly signal: AbortSignal;
}

export interface OpenedModel {
  readonly modelType: string;
  readonly modelBytes: number;
  readonly modelParameters: number;
  readonly nLayers: number;
  /** Layers that are on a device, the output layer counted; 0 without one. */
  readonly gpuLayers: number;
  readonly loadMode: LoadMode | null;
  readonly loadMs: number;
}

/** What an engine tells of a launch: its times, and what it held. */
export type LaunchTimes = Omit<TimedLaunch, "kind" | "number" | "loadMs" | "conditions">;

/** One launch of one case. */
export interface MeasuredCase {
  readonly times: LaunchTimes;
  /** The context as the engine made it, in tokens. */
  readonly nCtx: number;
  readonly flashAttn: boolean | null;
  /** False where the depth had to be computed again for each repetition. */
  readonly depthRestored: boolean;
  /** Processor time that the engine took for it. */
  readonly cpuMs: number;
  /** Weights, KV cache, compute and output buffers by device, `host` last. */
  readonly buffers: readonly DeviceBuffers[];
}

export interface Session {
  readonly model: OpenedModel;
  /** False once the process is gone: the next case needs a new session. */
  readonly alive: boolean;
  /** @throws {EngineError} */
  measure(request: MeasureRequest, watch: Watch): Promise<MeasuredCase>;
  close(): Promise<void>;
}

/** A model to compute on the device and on the CPU. */
export interface OutputRequest {
  readonly path: string;
  /** For the CPU, where it isn't the same. */
  readonly referencePath?: string;
  readonly nThreads: number;
}

export interface Engine {
  readonly info: EngineInfo;
  /**
   * How far the device's logits are from the CPU's: mean squared error over the mean square of the CPU's.
   * @throws {EngineError}
   */
  outputError(request: OutputRequest, watch: Watch): Promise<number>;
  /** @throws {EngineError} */
  open(request: OpenRequest, watch: Watch): Promise<Session>;
}

/** How a case ended that gave no measurement. */
export type Failing =
  | { readonly status: "does_not_fit"; readonly code: OomCode }
  | { readonly status: "failed"; readonly code: FailureCode };

/** An open or a measurement that gave no result, as the case's record states it. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly failing: Failing;
  /** The end of the engine's log. */
  readonly logTail: readonly string[];

  constructor(failing: Failing, message: string, logTail: readonly string[]) {
    super(message);
    this.failing = failing;
    this.logTail = logTail;
  }
}

/** The user asked to stop: not a result. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
