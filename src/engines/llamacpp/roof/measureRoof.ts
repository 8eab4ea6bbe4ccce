/**
 * What a device's memory and arithmetic can do, in one launch: a burst behind a rest, then repetitions until they agree. A
 * repetition is as many passes as a quarter of a second holds.
 */
import { Announcer, type Announcement } from "../announcer.ts";
import type { Engine } from "../engine.ts";
import { cpuMsSince, nowNs, rest, WarmUp } from "../measuring.ts";
import type { RoofMeasured, RoofRequest } from "../protocol.ts";
import { peakResidentBytes, readMemory } from "../readMemory.ts";
import { repeatUntilEnough } from "../repetitions.ts";
import { systemClocks, watchSleep } from "../sleepClock.ts";
import { openRoof, type OpenRoof } from "./openRoof.ts";
import { ResultCheck } from "./resultCheck.ts";

/** Long enough for the clock, and for what runs beside to be averaged. */
const repetitionNs = 250e6;

const burstNs = 100e6;

/** Lets a processor's clock, and its budget of power, come back. */
const restSeconds = 0.5;

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
  const roof = openRoof(engine, request);
  const loadMs = performance.now() - started;
  const loaded = readMemory(engine);
  try {
    const { memory, ...times } = repeatPasses(engine, roof, request, announcer);
    const { buffers, passBytes, assumedCacheBytes } = roof.work;
    return {
      ...times,
      device: roof.device.name,
      buffer_type: buffers.weightsIn,
      weights_bytes: buffers.weightsBytes,
      compute_bytes: buffers.computeBytes,
      pass_bytes: passBytes,
      assumed_cache_bytes: assumedCacheBytes,
      load_ms: loadMs,
      cpu_ms: cpuMsSince(cpuBefore),
      memory: { start, loaded, ...memory },
    };
  } finally {
    announcer.flush();
    roof.close();
  }
}

function repeatPasses(
  engine: Engine,
  { work, passes }: OpenRoof,
  request: RoofRequest,
  announcer: Announcer,
) {
  const check = new ResultCheck(engine.api, work.result);
  const clocks = systemClocks();
  const contextMemory = readMemory(engine);
  const restFor = (seconds: number) => rest(seconds, () => announcer.phase({ kind: "rest" }));
  restFor(request.delay);
  const beganNs = nowNs();
  announcer.phase({ kind: "warm_up", number: 1 });
  check.wipe();
  passes.begin(() => check.inspect(1));
  const inRepetition = passes.filling(repetitionNs);

  restFor(restSeconds);
  const inBurst = passes.filling(burstNs);
  announcer.phase({ kind: "warm_up", number: 2 });
  const burst = (passes.time(inBurst) / inBurst) * inRepetition;

  const warm = readMemory(engine);
  const warmUp = new WarmUp(request.warmup === "full" ? [burst] : [], request.agreement);
  let [cpuMs, counted, cpuOfLast] = [0, 0, 0];
  const repeated = repeatUntilEnough({
    rule: request.repetitions,
    repeat(repetition) {
      announcer.repetition(repetition);
      check.wipe();
      const cpuBefore = process.cpuUsage();
      const { result: ns, slept } = watchSleep(clocks, () => passes.time(inRepetition));
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
    passes: inRepetition,
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
