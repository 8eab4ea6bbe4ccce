/** Tests of the machine alone, in a child that has no model: what they are refused by, and what a launch of them tells. */
import type { TimedLaunch } from "../../bench/launch.ts";
import type { MemoryOverTime } from "../../bench/memoryUse.ts";
import { ownValues } from "../../bench/metrics.ts";
import { noReadings } from "../../bench/readings.ts";
import type { StopReason } from "../../bench/stopReasons.ts";
import {
  isOfMachine,
  testName,
  type MachineWorkload,
  type Workload,
} from "../../bench/workload.ts";
import { EngineError, type EngineLaunch, type OpenedModel } from "../engine.ts";
import { refused } from "./failings.ts";

/** What a session without a model has opened. */
export const noModel: OpenedModel = {
  modelType: null,
  modelBytes: null,
  modelParameters: null,
  quantization: null,
  nLayers: null,
  gpuLayers: null,
  loadMode: null,
  loadMs: null,
};

/** @throws {EngineError} for a workload of a model */
export function ofMachine(workload: Workload): MachineWorkload {
  if (isOfMachine(workload)) return workload;
  throw new EngineError(refused, `${testName(workload)} needs a model, and none is open`, []);
}

/** What every child tells of such a test. */
interface ToldPasses {
  readonly samples_ns: readonly number[];
  readonly warmup_ns: readonly number[];
  readonly started_ns: readonly number[];
  readonly stopped_by: StopReason;
  readonly suspended: number;
  readonly repetition_cpu_ms: number;
  readonly memory: MemoryOverTime | null;
  readonly load_ms: number;
  /** Of a repetition. */
  readonly passes: number;
  /** Bytes that a pass goes through; null where its operations count. */
  readonly pass_bytes: number | null;
  /** Time of a repetition at the speed of the burst. */
  readonly burst_ns: number;
  readonly assumed_cache_bytes: number | null;
  /** Where the child tells it. */
  readonly peak_device_bytes?: number | null;
}

export function machineLaunch(
  workload: MachineWorkload,
  told: ToldPasses,
  { ownMs, buffers }: Pick<EngineLaunch, "ownMs" | "buffers">,
): EngineLaunch {
  const times = {
    samplesNs: told.samples_ns,
    warmupNs: told.warmup_ns,
    tokenTimes: [],
    stoppedBy: told.stopped_by,
    startedNs: told.stopped_by === "sustain" ? told.started_ns : null,
    suspended: told.suspended,
  };
  const readings = {
    ...noReadings,
    loadMs: told.load_ms,
    memory: told.memory,
    cpuMs: told.repetition_cpu_ms,
    peakDeviceBytes: told.peak_device_bytes ?? null,
    passes: told.passes,
    passBytes: told.pass_bytes,
    assumedCacheBytes: told.assumed_cache_bytes,
  };
  const burst: TimedLaunch = {
    ...times,
    kind: "timed",
    number: 1,
    readings,
    samplesNs: [told.burst_ns],
  };
  const [burstValue = null] = ownValues(burst, workload) ?? [];
  return {
    times,
    readings: { ...readings, burstValue },
    nCtx: null,
    flashAttn: null,
    depthRestored: true,
    ownMs,
    buffers,
  };
}
