/** What every engine of the registry owes to whoever measures with it (engine.ts), on the real thing. */
import { afterAll, describe, expect, it } from "vitest";
import { usualContext } from "../../src/bench/settings.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import {
  EngineError,
  Interrupted,
  wholeModel as placement,
  type MemoryRequest,
  type RunRule,
  type Watch,
} from "../../src/engines/engine.ts";
import { engines, withEngine, type EngineName } from "../../src/engines/registry.ts";
import { askAboutShape } from "../../src/gguf/askTensorTypes.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { toyWeights } from "./toyWeights.ts";

const watch: Watch = {
  onPhase: () => {},
  onSample: () => {},
  timeoutSeconds: 60,
  signal: new AbortController().signal,
};

const rule: RunRule = {
  context: { ...usualContext, nThreads: 1 },
  repetitions: 3,
  warmup: "llama-bench",
  delaySeconds: 0,
  seed: 1,
};

const pp16 = workloadOf({ prompt: 16, generated: 0, depth: 0 });
const tg4 = workloadOf({ prompt: 0, generated: 4, depth: 0 });

const path = await toyWeights();
const noModel = import.meta.filename;

const memoryRequest: MemoryRequest = { path, ...placement, ...rule.context, nCtx: 512 };

/** Of this process, by the system's own count of what it waits for. */
function childProcesses(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
}

const names = Object.keys(engines) as EngineName[];

describe.each(names)("%s", async (name) => {
  const engine = await engines[name].start({ device: "cpu" });
  afterAll(() => engine.close());

  const open = () => engine.open({ path, placement }, watch);

  it("starts on the CPU, and its facts name it", () => {
    expect(engine.facts).toMatchObject({ engine: name, backend: "cpu" });
    expect(engine.facts.devices.map(({ type }) => type)).toEqual(["cpu"]);
  });

  it("opens a model, and says what it opened", async () => {
    const session = await open();
    expect(session.alive).toBe(true);
    expect(session.model).toMatchObject({ nLayers: 4, gpuLayers: 0 });
    expect(session.model.modelParameters).toBeGreaterThan(4e6);
    expect(session.model.loadMs).toBeGreaterThan(0);
    await session.close();
  });

  it.each([
    ["a prompt", pp16],
    ["generation", tg4],
  ])("gives as many samples of %s as were asked for, and tells of each", async (_, workload) => {
    const told: number[] = [];
    const phases: string[] = [];
    const session = await open();
    const { times, nCtx, buffers } = await session.run(workload, rule, {
      ...watch,
      onSample: (ns) => told.push(ns),
      onPhase: ({ kind }) => phases.push(kind),
    });
    await session.close();
    expect(times.samplesNs).toHaveLength(3);
    expect(Math.min(...times.samplesNs)).toBeGreaterThan(0);
    expect(told.slice(-3)).toEqual(times.samplesNs);
    expect(phases.filter((kind) => kind === "repetition").length).toBeGreaterThanOrEqual(3);
    expect(nCtx).toBeGreaterThanOrEqual(20);
    expect(buffers.at(-1)?.device).toBe("host");
  });

  it("fails a file that is no model, and opens the next", async () => {
    const opening = engine.open({ path: noModel, placement }, watch);
    await expect(opening).rejects.toBeInstanceOf(EngineError);
    await expect(opening).rejects.toMatchObject({ failing: { status: "failed" } });
    await (await open()).close();
  });

  it("opens nothing for who has stopped already", async () => {
    const stopped = { ...watch, signal: AbortSignal.abort() };
    await expect(engine.open({ path, placement }, stopped)).rejects.toBeInstanceOf(Interrupted);
  });

  it("stops a workload when it is told to, and its session is gone then", async () => {
    const stop = new AbortController();
    const session = await open();
    const running = session.run(
      tg4,
      { ...rule, repetitions: 100_000 },
      { ...watch, signal: stop.signal, onSample: () => stop.abort() },
    );
    await expect(running).rejects.toBeInstanceOf(Interrupted);
    expect(session.alive).toBe(false);
    await session.close();
  });

  describe.runIf(engine.memory !== undefined)("asked about memory", () => {
    it("answers with buffers by place, the host's among them", async () => {
      const told = await engine.memory?.(memoryRequest);
      expect(told?.kvBytes).toBeGreaterThan(0);
      expect([...(told?.byPlace.keys() ?? [])]).toEqual(["host"]);
      expect(told?.byPlace.get("host")?.computeBytes).toBeGreaterThan(0);
    });

    it("has no answer for a file that it refuses, and answers the next", async () => {
      expect(await engine.memory?.({ ...memoryRequest, path: noModel })).toBeNull();
      expect(await engine.memory?.(memoryRequest)).not.toBeNull();
    });
  });

  it.runIf(engine.tensorTypes !== undefined)(
    "asked about tensor types names one for each tensor, also of two questions at once",
    async () => {
      const { tensorTypes: ask } = engine;
      const { shape } = resolveModel("toy-4m");
      if (ask === undefined || shape === null) throw new Error("nothing to ask");
      const [small, large] = await Promise.all([
        askAboutShape(shape, "q4_0", ask),
        askAboutShape(shape, "q8_0", ask),
      ]);
      expect(small.get("blk.0.ffn_up.weight")).toBe("q4_0");
      expect(large.get("blk.0.ffn_up.weight")).toBe("q8_0");
      expect(small.size).toBe(tensorTable(shape).length);
    },
  );

  it.runIf(engine.outputError !== undefined)(
    "computes on the CPU what the CPU computes",
    async () => {
      expect(await engine.outputError?.({ path, nThreads: 1 }, watch)).toBeLessThan(1e-6);
    },
  );
});

it.each(names)("%s leaves no process behind: a session's close ends it", async (name) => {
  await expect.poll(childProcesses).toBe(0);
  await withEngine({ engine: name, device: "cpu" }, async (engine) => {
    const session = await engine.open({ path, placement }, watch);
    expect(childProcesses()).toBeGreaterThan(0);
    await session.close();
    expect(session.alive).toBe(false);
    await expect.poll(childProcesses).toBe(0);
  });
});

it.each(names)("%s leaves no process behind: its own close ends what answers", async (name) => {
  await expect.poll(childProcesses).toBe(0);
  await withEngine({ engine: name, device: "cpu" }, async (engine) => {
    await engine.memory?.(memoryRequest);
  });
  await expect.poll(childProcesses).toBe(0);
});
