/** What every engine owes to whoever measures with it (engine.ts), on the real thing. */
import { afterAll, describe, expect, it } from "vitest";
import {
  EngineError,
  Interrupted,
  placingFlags,
  wholeModel as placement,
  type MemoryRequest,
} from "../../src/engines/engine.ts";
import { engineNames } from "../../src/engines/registry.ts";
import { askAboutShape } from "../../src/gguf/askTensorTypes.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { pp16, quietWatch as watch, shortRule as rule, tg4 } from "./asked.ts";
import { subjects, type Subject } from "./subject.ts";

const all = await subjects();

it("is tried on every engine of the registry, and on one without files or a process", () => {
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining([...engineNames]));
  const other = all.filter(({ row, inChild }) => row.opens === "names" && !inChild);
  expect(other.length).toBeGreaterThan(0);
});

/** Of this process, by the system's own count of what it waits for. */
function childProcesses(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
}

function started({ row, own }: Subject) {
  return row.start({ device: "cpu", own });
}

const here = all.filter(({ isHere = true }) => isHere);

const promptAndGeneration = [
  ["a prompt", pp16],
  ["generation", tg4],
] as const;

describe.each(here)("$name", async (subject) => {
  const { name, row, model, shape: asked = null, noModel } = subject;
  const { workloads = promptAndGeneration } = subject;
  const longest = workloads.at(-1)?.[1] ?? tg4;
  const engine = await started(subject);
  afterAll(() => engine.close());

  const target = { model, shape: asked, placement };
  const open = () => engine.open(target, watch);
  const memoryRequest: MemoryRequest = { path: model, ...placement, ...rule.context, nCtx: 512 };

  it("starts where it is told to, and its facts name it", () => {
    expect(engine.facts.engine).toBe(name);
    expect(engine.traits).toMatchObject({ opens: row.opens, takes: row.takes });
  });

  it.runIf(row.takes.includes("device"))("says of the CPU that it is one", () => {
    expect(engine.facts.backend).toBe("cpu");
    expect(engine.facts.devices.map(({ type }) => type)).toEqual(["cpu"]);
  });

  it("takes flags that place what is here, and none where it opens names", () => {
    const takesSome = placingFlags.some((flag) => row.takes.includes(flag));
    expect(takesSome).toBe(row.opens !== "names");
  });

  it("opens a model, and says of it what it knows: nothing is 0 for want of an answer", async () => {
    const session = await open();
    expect(session.alive).toBe(true);
    const { modelBytes, modelParameters, nLayers, loadMs } = session.model;
    for (const told of [modelBytes, modelParameters, nLayers, loadMs]) expect(told).not.toBe(0);
    await session.close();
  });

  it.runIf(row.opens === "files")("opens a file with what its header tells", async () => {
    const session = await open();
    expect(session.model).toMatchObject({ nLayers: 4, gpuLayers: 0, quantization: null });
    expect(session.model.modelParameters).toBeGreaterThan(4e6);
    expect(session.model.loadMs).toBeGreaterThan(0);
    await session.close();
  });

  it.each(workloads)(
    "gives as many samples of %s as were asked for, and tells of each",
    async (_, workload) => {
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
      expect(nCtx ?? Infinity).toBeGreaterThanOrEqual(16);
      expect(buffers.at(-1)?.device ?? "host").toBe("host");
    },
  );

  it("fails what is no model, and opens the next", async () => {
    const opening = engine.open({ model: noModel, placement }, watch);
    await expect(opening).rejects.toBeInstanceOf(EngineError);
    await expect(opening).rejects.toMatchObject({ failing: { status: "failed" } });
    await (await open()).close();
  });

  it("opens nothing for who has stopped already", async () => {
    const stopped = { ...watch, signal: AbortSignal.abort() };
    await expect(engine.open(target, stopped)).rejects.toBeInstanceOf(Interrupted);
  });

  it("stops a workload when it is told to, and its session is gone then", async () => {
    const stop = new AbortController();
    const session = await open();
    const running = session.run(
      longest,
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

  describe.runIf(engine.tensorTypes !== undefined)("asked about tensor types", () => {
    it("names one for each tensor, also of two questions at once", async () => {
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
    });

    it("says in words that a file has none", async () => {
      await expect(engine.tensorTypes?.(noModel, "q4_0")).rejects.toMatchObject({
        name: "LlmbenchError",
        code: "engine",
      });
    });
  });

  it.runIf(engine.outputError !== undefined)(
    "computes on the CPU what the CPU computes",
    async () => {
      expect(await engine.outputError?.({ path: model, nThreads: 1 }, watch)).toBeLessThan(1e-6);
    },
  );
});

describe.each(here)("no process stays behind $name", (subject) => {
  it("when a session is closed", async () => {
    await expect.poll(childProcesses).toBe(0);
    const engine = await started(subject);
    const { model, shape = null } = subject;
    const session = await engine.open({ model, shape, placement }, watch);
    expect(childProcesses() > 0).toBe(subject.inChild);
    await session.close();
    expect(session.alive).toBe(false);
    await expect.poll(childProcesses).toBe(0);
    await engine.close();
  });

  it("when the engine is closed, whatever it was asked", async () => {
    await expect.poll(childProcesses).toBe(0);
    const engine = await started(subject);
    await engine.memory?.({ path: subject.model, ...placement, ...rule.context, nCtx: 512 });
    await engine.close();
    await expect.poll(childProcesses).toBe(0);
  });
});
