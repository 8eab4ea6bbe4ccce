/** A child process that has no model, and workloads of the machine alone that run in it. */
import type { TimedLaunch } from "../../bench/launch.ts";
import { ownValues } from "../../bench/metrics.ts";
import { noReadings } from "../../bench/readings.ts";
import type { DeviceList } from "../../bench/settings.ts";
import {
  isOfMachine,
  testName,
  type MachineWorkload,
  type Workload,
} from "../../bench/workload.ts";
import { EngineError } from "../engine.ts";
import type {
  EngineLaunch,
  OpenedModel,
  ResolvedPlacement,
  RunRule,
  Session,
  Watch,
} from "../engine.ts";
import { ask } from "./ask.ts";
import { buffersByDevice } from "./buffersByDevice.ts";
import { refused, workNotDone } from "./failings.ts";
import type { LoggedBuffer } from "./engineLog.ts";
import type { LlamaChild } from "./llamaChild.ts";
import { lostWorkLine } from "./memoryFailures.ts";
import type { RoofMeasured } from "./protocol.ts";
import { logTail } from "./toEngineError.ts";

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

export class RoofSession implements Session {
  readonly model = nothing;
  private readonly child: LlamaChild;
  private readonly placement: ResolvedPlacement;

  constructor(child: LlamaChild, placement: ResolvedPlacement) {
    this.child = child;
    this.placement = placement;
  }

  get alive(): boolean {
    return this.child.alive;
  }

  async run(workload: Workload, rule: RunRule, watch: Watch): Promise<EngineLaunch> {
    if (!isOfMachine(workload))
      throw new EngineError(refused, `${testName(workload)} needs a model, and none is open`, []);
    const { numa, priority, devices } = this.placement;
    const { nThreads, cpuMask, cpuStrict, poll } = rule.context;
    const { value, log } = await ask(
      this.child,
      {
        type: "roof",
        workload,
        device: deviceOf(devices),
        numa,
        priority,
        nThreads,
        cpuMask,
        cpuStrict,
        poll,
        repetitions: rule.repetitions,
        warmup: rule.warmup,
        delay: rule.delaySeconds,
        seed: rule.seed,
      },
      watch,
    );
    const lost = lostWorkLine(log);
    if (lost !== null) throw new EngineError(workNotDone, lost.trim(), logTail(log));
    return launchOf(workload, value);
  }

  close(): Promise<void> {
    return this.child.close();
  }
}

/** The plan names one; what is left to the engine is the CPU, where it sees nothing else. */
function deviceOf(devices: DeviceList): string | null {
  return devices === "auto" ? null : (devices[0] ?? null);
}

function launchOf(workload: MachineWorkload, told: RoofMeasured): EngineLaunch {
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
    passes: told.passes,
    passBytes: told.pass_bytes,
    assumedCacheBytes: told.assumed_cache_bytes,
  };
  const burst: TimedLaunch = {
    ...times,
    kind: "timed",
    number: 1,
    samplesNs: [told.burst_ns],
    readings,
  };
  const [burstValue = null] = ownValues(burst, workload) ?? [];
  return {
    times,
    readings: { ...readings, burstValue },
    nCtx: null,
    flashAttn: null,
    depthRestored: true,
    ownMs: told.cpu_ms,
    buffers: buffersByDevice(buffersOf(told)),
  };
}

function buffersOf(told: RoofMeasured): LoggedBuffer[] {
  const { device, buffer_type: weightsIn, weights_bytes, compute_bytes } = told;
  const others = device === "host" ? "CPU" : device;
  const weights: LoggedBuffer[] =
    weightsIn === null ? [] : [{ name: weightsIn, use: "model", bytes: weights_bytes }];
  return [...weights, { name: others, use: "compute", bytes: compute_bytes }];
}
