/**
 * A case and what came of it: the common tongue of those who make results, keep them and judge them. It knows no file
 * format (results/ projects it on rows) and no engine. Null is unknown, never 0.
 */
import type { Backend } from "./backends.ts";
import type { PowerSource } from "./conditions.ts";
import type { Fit, MemoryBasis } from "./fit.ts";
import type { Launch, NonEmpty } from "./launch.ts";
import type { DeviceBuffers } from "./memoryUse.ts";
import type { RamSource } from "./ramBandwidth.ts";
import type { FailureCode, OomCode, Reason, SkipCode } from "./statuses.ts";
import type { Summary } from "./summary.ts";
import type { Warning } from "./warnings.ts";
import type { PageCache, WeightsKind } from "./weights.ts";
import type { Workload } from "./workload.ts";

export interface MachineFacts {
  /** `m3-max-40c-64gb`, or the user's own. */
  readonly name: string;
  /** Product name of the computer. */
  readonly model: string | null;
  readonly os: string | null;
  readonly driver: string | null;
  readonly cpu: string | null;
  /** GPUs, comma-separated. */
  readonly gpu: string | null;
  readonly gpuCores: number | null;
  /** Devices that layers can be placed on. */
  readonly nDevices: number | null;
  readonly ramBytes: number | null;
  /** Device memory that the engine may use. */
  readonly gpuBudgetBytes: number | null;
  readonly powerSource: PowerSource | null;
  readonly powerMode: string | null;
  /** Other machines that lent devices, each with the way to it, joined with `; `. */
  readonly servers: string | null;
  /** Bandwidth of the host's memory in 10^9 bytes a second, and who says so; both null where nobody does. */
  readonly ramGbps: number | null;
  readonly ramSource: RamSource | null;
}

export interface EngineFacts {
  /** `llama.cpp`. */
  readonly name: string | null;
  readonly version: string | null;
  readonly commit: string | null;
  readonly backend: Backend | null;
}

export interface ModelFacts {
  /** Id in the catalogue, else the file's name in kebab case; empty where no model is needed. */
  readonly id: string;
  /** llama.cpp's description: `llama 7B Q4_0`. */
  readonly type: string | null;
  readonly file: string | null;
  readonly sha256: string | null;
  /** Tensor data. */
  readonly bytes: number | null;
  readonly parameters: number | null;
  readonly quantization: string | null;
  readonly weights: WeightsKind | null;
  /** Of synthetic weights, whose header they have. */
  readonly headerOf: string | null;
  /** Null where nothing was loaded. */
  readonly pageCache: PageCache | null;
  /** The output layer not counted. */
  readonly nLayers: number | null;
}

/** Placement and context: resolved where the engine resolves (layers, context, cache types, load mode), else requested. */
export interface SettingFacts {
  /** Layers on the device, counted from the end; nLayers + 1 has the output layer too. */
  readonly gpuLayers: number | null;
  readonly splitMode: string | null;
  readonly mainGpu: number | null;
  /** Names of the devices that were asked for, joined with `/`, `none` for the host alone; null: left to the engine. */
  readonly devices: string | null;
  /** Shares of the devices, joined with `/`. */
  readonly tensorSplit: string | null;
  /** Tensors that were placed by name, `pattern=buffer`, joined with `;`; null: none. */
  readonly tensorOverrides: string | null;
  /** Layers whose experts stay in host memory. */
  readonly nCpuMoe: number | null;
  readonly noKvOffload: boolean | null;
  readonly loadMode: string | null;
  readonly nThreads: number | null;
  readonly nBatch: number | null;
  readonly nUbatch: number | null;
  readonly nCtx: number | null;
  readonly typeK: string | null;
  readonly typeV: string | null;
  readonly flashAttn: boolean | null;
  readonly others: OtherSettings;
}

/**
 * Further parameters by llama-bench's names for their columns (`no_op_offload`, `fit_target`), flags as 1 and 0: those that
 * aren't llama-bench's defaults, and all that llmbench doesn't know.
 */
export type OtherSettings = Readonly<Record<string, string>>;

export interface FitFacts {
  /** At the case's own context. */
  readonly atCase: Fit | null;
  /** Tokens that people use the model with, which `atUse` speaks of. */
  readonly useCtx: number | null;
  readonly atUse: Fit | null;
  /** Largest context with everything on the device. */
  readonly maxCtx: number | null;
  /** What the prediction of memory rests on. */
  readonly memoryBasis: MemoryBasis | null;
}

/** Bytes; totals over devices and host unless said. */
export interface MemoryFacts {
  readonly weightsBytes: number | null;
  readonly kvBytes: number | null;
  /** Recurrent state. */
  readonly stateBytes: number | null;
  readonly computeBytes: number | null;
  readonly devicePredicted: number | null;
  readonly deviceMeasured: number | null;
  readonly hostPredicted: number | null;
  readonly hostMeasured: number | null;
}

/** What is known of a case whatever came of it. */
export interface CaseFacts {
  /** Digest of the requested settings, the model and the engine build. */
  readonly id: string;
  readonly runId: string;
  readonly machine: MachineFacts;
  readonly engine: EngineFacts;
  readonly model: ModelFacts;
  readonly settings: SettingFacts;
  readonly workload: Workload;
  readonly fit: FitFacts;
  readonly memory: MemoryFacts;
  /** Buffers by device, `host` last; empty where nothing was opened. */
  readonly buffers: readonly DeviceBuffers[];
  /** Speed as predicted before, in t/s; four of five measurements lie within its range. */
  readonly predictedTs: number | null;
  readonly predictedLowTs: number | null;
  readonly predictedHighTs: number | null;
  /** What it stands on in its least sure part: `measured here`, `roofline`, `published`, `datasheet`. */
  readonly predictedBasis: string | null;
  /** What of the machine's measured memory or arithmetic it reached, from 0 to 1; null where no roof was measured. */
  readonly shareOfRoof: number | null;
  readonly seed: number | null;
  readonly warnings: readonly Warning[];
  /** When the measurement began, ISO 8601 in UTC; of what others published as much of the date as is known: `2024-05`. */
  readonly testTime: string | null;
  /** Where a published figure was taken from: repository and file, discussion or issue; null for what is no such figure. */
  readonly source: string | null;
  /** Mean squared error of the device's logits, normalised, against the CPU's; null where they were not compared. */
  readonly outputError: number | null;
  /** The case as llama-bench would be asked for it. */
  readonly llamaBench: string | null;
}

export interface Measured {
  readonly status: "measured";
  readonly launches: NonEmpty<Launch>;
  readonly summary: Summary;
}

interface Unmeasured {
  /** The end of the engine's log. */
  readonly log: readonly string[];
}

export interface DoesNotFit extends Unmeasured {
  readonly status: "does_not_fit";
  readonly reason: Reason<OomCode>;
}

export interface Failed extends Unmeasured {
  readonly status: "failed";
  readonly reason: Reason<FailureCode>;
}

export interface Skipped extends Unmeasured {
  readonly status: "skipped";
  readonly reason: Reason<SkipCode>;
}

export type Outcome = Measured | DoesNotFit | Failed | Skipped;

export type CaseRecord = CaseFacts & Outcome;
export type MeasuredRecord = CaseFacts & Measured;
export type UnmeasuredRecord = CaseFacts & Exclude<Outcome, Measured>;

/** Null where nothing was measured. */
export function summaryOf(record: CaseRecord): Summary | null {
  return record.status === "measured" ? record.summary : null;
}

export function isMeasured(record: CaseRecord): record is MeasuredRecord {
  return record.status === "measured";
}
