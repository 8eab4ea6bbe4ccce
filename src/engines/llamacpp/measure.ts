/** One case in one launch: context, warm-up, repetitions, each checked. */
import type { Traffic } from "../../bench/link.ts";
import { TokenClock } from "../../bench/tokenTimes.ts";
import { Announcer, type Announcement } from "./announcer.ts";
import type { Engine } from "./engine.ts";
import { cpuMsSince, nowNs, rest, WarmUp } from "./measuring.ts";
import { openContext, type OpenContext } from "./openContext.ts";
import type { Measured, MeasureRequest } from "./protocol.ts";
import { peakResidentBytes, readMemory } from "./readMemory.ts";
import { OutputCheck } from "./outputCheck.ts";
import { perToken, trafficSince } from "./rpc/tokenTraffic.ts";
import { repeatUntilEnough } from "./repetitions.ts";
import { systemClocks, watchSleep } from "./sleepClock.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Pointer } from "./structs.ts";
import type { ThreadpoolRequest } from "./threadpool.ts";
import { tokenSource } from "./tokens.ts";
import { vocabularyOf } from "./vocabulary.ts";

/** @throws {EngineFailure} */
export function measure(
  engine: Engine,
  model: Pointer,
  request: MeasureRequest & ThreadpoolRequest,
  tell: (messages: readonly Announcement[]) => void,
): Measured {
  const cpuBefore = process.cpuUsage();
  const announcer = new Announcer(tell);
  announcer.phase({ kind: "context" });
  const context = openContext(engine, model, request);
  try {
    const measured = measureIn(engine, model, context, request, announcer);
    return { ...measured, cpu_ms: cpuMsSince(cpuBefore) };
  } finally {
    announcer.flush();
    context.close();
  }
}

function measureIn(
  engine: Engine,
  model: Pointer,
  context: OpenContext,
  request: MeasureRequest,
  announcer: Announcer,
): Omit<Measured, "cpu_ms"> {
  const vocabulary = vocabularyOf(engine, model);
  const next = tokenSource(request.seed, vocabulary.size);
  const stopwatch = new Stopwatch(engine, context, vocabulary, request, next);
  const depth = new Depth(engine, model, context, request.nDepth, stopwatch, announcer);
  const output = new OutputCheck(engine, model, context.pointer, request);
  const clocks = systemClocks();
  const contextMemory = readMemory(engine);

  const repeat = () => {
    depth.restore();
    const tokensDiffer = stopwatch.draw();
    collectGarbage();
    const trafficBefore = engine.rpc?.traffic() ?? null;
    const cpuBefore = process.cpuUsage();
    const { result: ns, slept } = watchSleep(clocks, () => stopwatch.time());
    const cpuMs = cpuMsSince(cpuBefore);
    return { ns, slept, tokensDiffer, cpuMs, traffic: trafficSince(engine, trafficBefore) };
  };

  rest(request.delay, () => announcer.phase({ kind: "rest" }));
  const beganNs = nowNs();
  const warmUp = new WarmUp([], request.agreement);
  if (request.warmup !== "none") {
    announcer.phase({ kind: "warm_up", number: 1 });
    stopwatch.warmUpLikeLlamaBench();
  }
  if (request.warmup === "full") {
    announcer.phase({ kind: "warm_up", number: 2 });
    warmUp.times.push(repeat().ns);
  }

  const warm = readMemory(engine);
  const tokens = new TokenClock();
  let [cpuMs, counted, cpuOfLast] = [0, 0, 0];
  let traffic: Traffic | null = null;
  const repeated = repeatUntilEnough({
    rule: request.repetitions,
    repeat(repetition) {
      announcer.repetition(repetition);
      const timed = repeat();
      output.inspect(repetition, timed.tokensDiffer);
      cpuOfLast = timed.cpuMs;
      traffic = timed.traffic;
      return timed;
    },
    isWarmup: (ns) => warmUp.isWarmup(ns),
    onKept() {
      stopwatch.eachToken((ns) => tokens.add(ns));
      cpuMs += cpuOfLast;
      counted += 1;
    },
    onSample: (ns) => announcer.sample(ns),
    nowNs,
    beganNs,
  });
  depth.clear();
  stopwatch.verifyLast();
  stopwatch.close();
  return {
    n_ctx: context.nCtx,
    samples_ns: repeated.samplesNs,
    warmup_ns: warmUp.times,
    token_ns: tokens.times(),
    depth_restored: request.nDepth === 0 || depth.restorable,
    stopped_by: repeated.stoppedBy,
    started_ns: repeated.startedNs,
    suspended: repeated.suspended,
    repetition_cpu_ms: cpuMs / counted,
    traffic: perToken(traffic, request.nPrompt + request.nGen),
    memory: { context: contextMemory, warm, peak_resident_bytes: peakResidentBytes() },
  };
}

/**
 * Node exposes it under --expose-gc: a collection between repetitions instead of within one. Of the young generation,
 * where a repetition's few objects are: going through the whole heap would push weights and KV cache out of the
 * processor's caches (0.25 ms more for the first token of a 4M model).
 */
function collectGarbage(): void {
  globalThis.gc?.({ type: "minor" });
}

/**
 * The tokens that stand in the KV cache before each repetition.
 *
 * Restored by taking what a repetition added off again, which leaves the very cells that the fill wrote, where
 * llama-bench copies the sequence's state out and in. A cache that forgets (sliding window, recurrent) is filled anew.
 */
class Depth {
  readonly restorable: boolean;
  private filled = false;
  private readonly engine: Engine;
  private readonly context: OpenContext;
  private readonly tokens: number;
  private readonly stopwatch: Stopwatch;
  private readonly announcer: Announcer;

  constructor(
    engine: Engine,
    model: Pointer,
    context: OpenContext,
    tokens: number,
    stopwatch: Stopwatch,
    announcer: Announcer,
  ) {
    const { api } = engine;
    this.engine = engine;
    this.context = context;
    this.tokens = tokens;
    this.stopwatch = stopwatch;
    this.announcer = announcer;
    this.restorable =
      api.modelSlidingWindow(model) === 0 &&
      !api.modelIsRecurrent(model) &&
      !api.modelIsHybrid(model);
  }

  clear(): void {
    this.engine.api.memoryClear(this.context.memory, false);
    this.filled = false;
  }

  restore(): void {
    const { api } = this.engine;
    const restored =
      this.filled && this.restorable && api.memoryRemove(this.context.memory, 0, this.tokens, -1);
    if (restored) return;
    this.clear();
    if (this.tokens === 0) return;
    this.announcer.phase({ kind: "fill" });
    this.stopwatch.fill();
    this.filled = true;
  }
}
