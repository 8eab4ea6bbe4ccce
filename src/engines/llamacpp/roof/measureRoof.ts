/**
 * What a device's memory and arithmetic can do, in one launch: a burst behind a rest, then repetitions until they agree. A
 * repetition is as many passes as a quarter of a second holds.
 */
import { Announcer, type Announcement } from "../announcer.ts";
import type { Engine } from "../engine.ts";
import { EngineFailure } from "../engineFailure.ts";
import { cpuMsSince, nowNs, rest, WarmUp } from "../measuring.ts";
import type { RoofMeasured, RoofRequest } from "../protocol.ts";
import { peakResidentBytes, readMemory } from "../readMemory.ts";
import { repeatUntilEnough } from "../repetitions.ts";
import { systemClocks, watchSleep } from "../sleepClock.ts";
import { ResultCheck } from "./resultCheck.ts";
import { openBackend, roofDevice } from "./roofDevice.ts";
import { layOut, type RoofWork } from "./roofWork.ts";

/** Long enough for the clock, and for what runs beside to be averaged. */
const repetitionNs = 250e6;

const burstNs = 100e6;

/** Lets a processor's clock, and its budget of power, come back. */
const restSeconds = 0.5;

/** Between two waits for the device: to wait costs it some microseconds, and a long queue memory. */
const queuedNs = 20e6;

/** @throws {EngineFailure} */
export function measureRoof(
  engine: Engine,
  request: RoofRequest,
  tell: (messages: readonly Announcement[]) => void,
): RoofMeasured {
  const cpuBefore = process.cpuUsage();
  const announcer = new Announcer(tell);
  announcer.phase({ kind: "load" });
  const start = readMemory(engine);
  const started = performance.now();
  const device = roofDevice(engine, request.device);
  const work = layOut(engine, device, request.workload, request.seed);
  const loadMs = performance.now() - started;
  const loaded = readMemory(engine);
  try {
    const backend = openBackend(engine, work.device, request);
    try {
      const measured = repeatPasses(engine, backend.pointer, work, request, announcer);
      const { memory, ...times } = measured;
      const { weightsIn, weightsBytes, computeBytes } = work.buffers;
      return {
        ...times,
        device: device.name,
        buffer_type: weightsIn,
        weights_bytes: weightsBytes,
        compute_bytes: computeBytes,
        pass_bytes: work.passBytes,
        assumed_cache_bytes: work.assumedCacheBytes,
        load_ms: loadMs,
        cpu_ms: cpuMsSince(cpuBefore),
        memory: { start, loaded, ...memory },
      };
    } finally {
      backend.close();
    }
  } finally {
    announcer.flush();
    work.free();
  }
}

function repeatPasses(
  engine: Engine,
  backend: bigint,
  { graph, result }: RoofWork,
  request: RoofRequest,
  announcer: Announcer,
) {
  const { api } = engine;
  const check = new ResultCheck(api, result);
  const clocks = systemClocks();
  const contextMemory = readMemory(engine);

  /** Answers their time in ns. */
  const time = (passes: number, queued: number): number => {
    const began = process.hrtime.bigint();
    for (let done = 0; done < passes;) {
      const until = Math.min(passes, done + queued);
      for (; done < until; done++) {
        const status = api.computeAsync(backend, graph);
        if (status !== 0) throw new EngineFailure("decode", `ggml's graph ended with ${status}`);
      }
      api.synchronizeBackend(backend);
    }
    return Number(process.hrtime.bigint() - began);
  };

  const restFor = (seconds: number) => rest(seconds, () => announcer.phase({ kind: "rest" }));
  restFor(request.delay);
  const beganNs = nowNs();
  announcer.phase({ kind: "warm_up", number: 1 });
  check.wipe();
  // The first pass also compiles kernels and touches pages.
  const first = time(1, 1);
  check.inspect(1);
  const single = first > repetitionNs ? first : time(1, 1);
  const holding = (ns: number) => Math.max(1, Math.ceil(ns / single));
  const queued = holding(queuedNs);
  const passes = holding(repetitionNs);

  restFor(restSeconds);
  const inBurst = holding(burstNs);
  announcer.phase({ kind: "warm_up", number: 2 });
  const burst = (time(inBurst, queued) / inBurst) * passes;

  const warm = readMemory(engine);
  const warmUp = new WarmUp(request.warmup === "full" ? [burst] : [], request.agreement);
  let [cpuMs, counted, cpuOfLast] = [0, 0, 0];
  const repeated = repeatUntilEnough({
    rule: request.repetitions,
    repeat(repetition) {
      announcer.repetition(repetition);
      check.wipe();
      const cpuBefore = process.cpuUsage();
      const { result: ns, slept } = watchSleep(clocks, () => time(passes, queued));
      cpuOfLast = cpuMsSince(cpuBefore);
      check.inspect(repetition);
      return { ns, slept };
    },
    isWarmup: (ns) => warmUp.isWarmup(ns),
    onKept() {
      cpuMs += cpuOfLast;
      counted += 1;
    },
    onSample: (ns) => announcer.sample(ns),
    nowNs,
    beganNs,
  });
  return {
    passes,
    burst_ns: burst,
    samples_ns: repeated.samplesNs,
    // The burst is told apart.
    warmup_ns: warmUp.times.slice(request.warmup === "full" ? 1 : 0),
    stopped_by: repeated.stoppedBy,
    started_ns: repeated.startedNs,
    suspended: repeated.suspended,
    repetition_cpu_ms: cpuMs / counted,
    memory: { context: contextMemory, warm, peak_resident_bytes: peakResidentBytes() },
  };
}
