/**
 * The contract of an engine: what measures. It is started and says what it is, opens a model, and runs workloads on it; what
 * it can do beyond that is optional. Each engine is a folder of its own and a row of the registry (registry.ts), and nothing
 * else imports it. docs/engines.md says what a row is called where no model file stands behind it.
 */
import type { DeviceChoice } from "../bench/backends.ts";
import type { EngineDevice, EngineInfo } from "../bench/engineInfo.ts";
import type { TimedLaunch } from "../bench/launch.ts";
import type { Link } from "../bench/link.ts";
import type { DeviceBuffers } from "../bench/memoryUse.ts";
import type { Phase } from "../bench/phases.ts";
import type { Readings } from "../bench/readings.ts";
import type { OtherSettings } from "../bench/record.ts";
import type { StepOrder } from "../bench/stepOrder.ts";
import type { RepetitionRule, Warmup } from "../bench/repetitions.ts";
import {
  usualPlacement,
  type ContextSettings,
  type DeviceList,
  type LoadMode,
  type Placement,
  type ProcessSettings,
  type SettingName,
  type ThreadSettings,
} from "../bench/settings.ts";
import type { FailureCode, OomCode, SkipCode } from "../bench/statuses.ts";
import type { KnownKind, Workload } from "../bench/workload.ts";
import type { FlagTable, Given } from "../flags/flagTable.ts";
import type { AskTensorTypes } from "../gguf/askTensorTypes.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";

/** Flags of a whole run that mean something to an engine that places a model file here, and nothing to others. */
export const placingFlags = [
  "device",
  "weights",
  "quantizations",
  "gpuBudgetBytes",
  "useCtx",
  "force",
] as const;

/** A setting of a case, or a flag of a run, that not every engine heeds: each is the key of its flag. */
export type TakenName = SettingName | (typeof placingFlags)[number];

/** What an engine is, whatever it finds when it starts. */
export interface EngineTraits {
  /**
   * `files`: GGUFs, which llmbench finds or makes. `names`: models that stand elsewhere, by the engine's names for them.
   * `shapes`: the shapes of models, whose weights the engine draws itself.
   */
  readonly opens: "files" | "names" | "shapes";
  /** Any other that the user gives is a usage error, and no row names it. */
  readonly takes: readonly TakenName[];
  /** Kinds of workload that it runs: another that the user asks for is a usage error. */
  readonly runs: readonly KnownKind[];
  /** Of one that trains, how it takes a step: operation by operation, or as one graph. Absent: operation by operation. */
  readonly steps?: StepOrder;
  /** llama-bench, asked for the same case, measures the same: the record keeps its command line. */
  readonly asLlamaBench: boolean;
}

/** What a start is asked for. */
export interface EngineAsk<Flags extends FlagTable = FlagTable> {
  readonly device: DeviceChoice;
  /** What the user said with the engine's own flags. */
  readonly own: Given<Flags>;
  /** Nobody asked for this engine: what it lacks here isn't downloaded. */
  readonly offline?: boolean;
}

/** A row of the registry: it loads nothing of the engine before its start. */
export interface EngineRow<Flags extends FlagTable = FlagTable> extends EngineTraits {
  /**
   * Flags that the engine adds to `run` and `devices`. Their values stand in the journal as JSON, and are read from there
   * when a run is resumed.
   */
  readonly flags: Flags;
  /**
   * What the system keeps from a process with these settings, and the way out; null where nothing. Asked before anything is
   * started; an engine without it has its processes elsewhere.
   */
  readonly lacks?: (settings: ProcessSettings) => string | null;
  /**
   * Loads what is needed to say what is here; nothing is measured yet.
   * @throws {LlmbenchError} `engine` where it has no build for the device, or sees none; {Interrupted}
   */
  start(ask: EngineAsk<Flags>): Promise<Engine>;
  /**
   * Lends this machine's devices to an engine of its kind on another, until it is closed.
   * @throws {LlmbenchError} where it can't listen, or has nothing to lend
   */
  serve?(ask: ServeAsk): Promise<Serving>;
}

/** What a machine lends, where, and to whom. */
export interface ServeAsk {
  readonly device: DeviceChoice;
  readonly devices: DeviceList;
  /** An address of this machine; null leaves it to whom it is lent. */
  readonly host: string | null;
  readonly port: number;
  /** Nets of those who may come from elsewhere, `192.168.1.0/24`; none: only this machine. */
  readonly allow: readonly string[];
  /** Of the CPU; null takes the machine's own number. */
  readonly threads: number | null;
  /** Where weights that came are kept for the next time; null keeps none. */
  readonly cacheDir: string | null;
  /** The file of the backend that serves; null finds or makes one. */
  readonly library: string | null;
  /** This machine, with the devices that the engine told, under the name that its parts give it. */
  readonly machineOf: (facts: EngineInfo) => Promise<MachineInfo>;
  /** Its owner's name for it; null where it has none. */
  readonly machineName: string | null;
  /** What is known of its speed, as JSON: a `Lender`'s. Asked when somebody wants to know. */
  readonly speedOf: (
    machine: MachineInfo,
    facts: EngineInfo,
    served: ServedHardware,
  ) => Promise<unknown>;
  readonly onEvent: (text: string) => void;
}

export interface ServedHardware {
  readonly devices: readonly EngineDevice[];
  /** Of the CPU. */
  readonly nThreads: number;
  /** Aborts when nothing is served any more. */
  readonly signal: AbortSignal;
}

export interface Serving {
  /** `127.0.0.1:50052` */
  readonly address: string;
  /** What is lent, by name and hardware. */
  readonly devices: readonly {
    readonly name: string;
    readonly description: string;
    readonly budget_bytes: number;
  }[];
  /** Settles with the reason when nothing is served any more. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** Ties the type of what `start` is asked for to the row's own flags. */
export function defineEngine<const Flags extends FlagTable>(
  row: EngineRow<Flags>,
): EngineRow<Flags> {
  return row;
}

/** Another machine that lends devices, as it was when the engine had started. */
export interface Lender {
  /** The `server.number` of its devices. */
  readonly number: number;
  /** What it told of its speed (plan/toldSpeed.ts). */
  readonly speed: unknown;
  /** The way to it; null where it couldn't be measured. */
  readonly link: Link | null;
}

/** A started engine. What it can do beyond measuring is there or isn't. */
export interface Engine {
  readonly traits: EngineTraits;
  readonly facts: EngineInfo;
  /** @throws {EngineError}; {Interrupted} */
  open(target: Target, watch: Watch): Promise<Session>;
  /** Ends what the start began. Sessions that are open end by their own close. */
  close(): Promise<void>;
  /** Ends what waits for the next question, so that another engine is measured alone; whatever is asked later begins it anew. */
  rest?(): Promise<void>;
  /** The machines that lend it devices, each asked and measured. */
  lenders?(): Promise<readonly Lender[]>;
  /** What a placement and a context of a file would take, with nothing loaded; null where it refuses the file. */
  memory?(request: MemoryRequest): Promise<ToldMemory | null>;
  /** Why it wouldn't open a file, in its own words; null where it would, or doesn't tell. */
  refusal?(path: string): Promise<string | null>;
  /** Types that it would give the tensors of a file whose data is a hole. */
  readonly tensorTypes?: AskTensorTypes;
  /**
   * How far a device's output is from the CPU's: mean squared error of the logits over the mean square of the CPU's.
   * @throws {EngineError}; {Interrupted}
   */
  outputError?(request: OutputRequest, watch: Watch): Promise<number>;
}

/** Layers resolved to a number; -1 is all. */
export type ResolvedPlacement = Omit<Placement, "gpuLayers"> & { readonly gpuLayers: number };

/** All layers on the device, where there is one. */
export const wholeModel: ResolvedPlacement = { ...usualPlacement, gpuLayers: -1 };

/** What a session opens, and where its layers go. */
export interface Target {
  /**
   * The path of a GGUF, of a split one its first file; to an engine that opens names or shapes, the name. Null where nothing
   * is opened but the devices: for workloads of the machine alone.
   */
  readonly model: string | null;
  /** For an engine that opens shapes; null of a model whose shape isn't known. */
  readonly shape?: ModelShape | null;
  readonly placement: ResolvedPlacement;
}

/** How a workload is run: its context, how often, from which tokens. */
export interface RunRule {
  readonly context: ContextSettings;
  readonly repetitions: RepetitionRule;
  readonly warmup: Warmup;
  /** Share by which two whole repetitions may differ that end a full warm-up. */
  readonly agreement: number;
  readonly delaySeconds: number;
  readonly seed: number;
  /** The longest that a repetition may be seen to take beforehand, by an engine that looks. */
  readonly mostSeconds: number;
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

/** What was opened. Null is what the engine doesn't tell. */
export interface OpenedModel {
  readonly modelType: string | null;
  readonly modelBytes: number | null;
  readonly modelParameters: number | null;
  /** As the engine tells it, of models whose file llmbench doesn't read. */
  readonly quantization: string | null;
  readonly nLayers: number | null;
  /** Layers that are on a device, the output layer counted; 0 without one. */
  readonly gpuLayers: number | null;
  readonly loadMode: LoadMode | null;
  /** Null where nothing was loaded for this session. */
  readonly loadMs: number | null;
}

export interface Session {
  readonly model: OpenedModel;
  /** False once the process is gone: the next case needs a new session. */
  readonly alive: boolean;
  /** @throws {EngineError}; {Interrupted} */
  run(workload: Workload, rule: RunRule, watch: Watch): Promise<EngineLaunch>;
  close(): Promise<void>;
}

/** One launch of one case, as the engine tells it: times, and what was made of the request. */
export interface EngineLaunch {
  readonly times: Omit<TimedLaunch, "kind" | "number" | "readings">;
  /** What it tells beside them. */
  readonly readings: Partial<Readings>;
  /** The context as the engine made it, in tokens; null where it doesn't tell. */
  readonly nCtx: number | null;
  readonly flashAttn: boolean | null;
  /** False where the depth had to be computed again for each repetition. */
  readonly depthRestored: boolean;
  /** Processor time that the engine took for all of it, warm-up included; null where it doesn't tell. */
  readonly ownMs: number | null;
  /** Weights, KV cache, compute and output buffers by device, `host` last; none where it doesn't tell. */
  readonly buffers: readonly DeviceBuffers[];
  /** Further settings that it chose, by names of its own. */
  readonly others?: OtherSettings;
}

/** A file, a placement and a context that memory is asked of. */
export interface MemoryRequest
  extends
    Omit<ResolvedPlacement, keyof ProcessSettings>,
    Omit<ContextSettings, keyof ThreadSettings> {
  readonly path: string;
  /** Tokens. */
  readonly nCtx: number;
}

/** Bytes as the engine states them; llama.cpp's log rounds to 0.01 MiB. */
export interface BuffersAt {
  readonly weightsBytes: number;
  readonly kvBytes: number;
  readonly stateBytes: number;
  readonly computeBytes: number;
  readonly outputBytes: number;
}

export interface ToldMemory {
  /** Of all caches, allocated or not. */
  readonly kvBytes: number;
  readonly stateBytes: number;
  /** Buffers by device's name, `host` for the host; weights and caches are 0 where nothing was allocated. */
  readonly byPlace: ReadonlyMap<string, BuffersAt>;
}

/** A model to compute on the device and on the CPU. */
export interface OutputRequest {
  readonly path: string;
  /** For the CPU, where it isn't the same. */
  readonly referencePath?: string;
  readonly nThreads: number;
}

/** How a case ended that gave no measurement. */
export type Failing =
  | { readonly status: "does_not_fit"; readonly code: OomCode }
  | { readonly status: "failed"; readonly code: FailureCode }
  | { readonly status: "skipped"; readonly code: SkipCode };

/** An open or a run that gave no result, as the case's record states it. */
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
