/** A worker without a model, and workloads of the machine alone that run in it. */
import type { TimedLaunch } from "../../bench/launch.ts";
import { ownValues } from "../../bench/metrics.ts";
import { noReadings } from "../../bench/readings.ts";
import {
  isOfMachine,
  precisionOf,
  testName,
  type MachineWorkload,
  type Workload,
} from "../../bench/workload.ts";
import { lastLevelCacheBytes } from "../../machine/lastLevelCache.ts";
import { askChild } from "../child/engineErrors.ts";
import { stopLimits } from "../child/stopRule.ts";
import {
  EngineError,
  type EngineLaunch,
  type OpenedModel,
  type RunRule,
  type Session,
  type Watch,
} from "../engine.ts";
import type { MeasuredPasses } from "./protocol.ts";
import type { PythonChild } from "./pythonChild.ts";
import { workerWords } from "./words.ts";

const nothing: OpenedModel = {
  modelType: null,
  modelBytes: null,
  modelParameters: null,
  quantization: null,
  nLayers: null,
  gpuLayers: null,
  loadMode: null,
  loadMs: null,
};

const refused = { status: "failed", code: "engine_error" } as const;

export class MachineSession implements Session {
  readonly model = nothing;
  private readonly child: PythonChild;

  constructor(child: PythonChild) {
    this.child = child;
  }

  get alive(): boolean {
    return this.child.alive;
  }

  async run(workload: Workload, rule: RunRule, watch: Watch): Promise<EngineLaunch> {
    if (!isOfMachine(workload))
      throw new EngineError(refused, `${testName(workload)} needs a model, and none is open`, []);
    const { value } = await askChild(
      () =>
        this.child.request(
          {
            type: "arithmetic",
            kind: workload.kind,
            size: workload.kind === "matmul" ? workload.size : 0,
            precision: precisionOf(workload) ?? "f32",
            cache_bytes: lastLevelCacheBytes(),
            threads: rule.context.nThreads,
            seed: rule.seed,
            most_seconds: rule.mostSeconds,
            rule: stopLimits(rule.repetitions),
            warmup: rule.warmup,
            delay: rule.delaySeconds,
          },
          watch,
        ),
      workerWords,
    );
    return launchOf(workload, value);
  }

  close(): Promise<void> {
    return this.child.close();
  }
}

function launchOf(workload: MachineWorkload, told: MeasuredPasses): EngineLaunch {
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
    peakDeviceBytes: told.peak_device_bytes,
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
    ownMs: null,
    buffers: [],
  };
}
