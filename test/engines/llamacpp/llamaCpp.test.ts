import { afterAll, describe, expect, it } from "vitest";
import type { Engine, RunRule, Watch } from "../../../src/engines/engine.ts";
import type { Phase } from "../../../src/bench/phases.ts";
import { workloadOf, type Workload } from "../../../src/bench/workload.ts";
import { llamaCpp } from "../../../src/engines/llamacpp/row.ts";
import { wholeModel as placement } from "../../../src/engines/engine.ts";
import { quietWatch, shortRule } from "../asked.ts";
import { toyWeights } from "../toyWeights.ts";
import { hasVulkan } from "../vulkan.ts";

const phases: Phase[] = [];

const watch: Watch = { ...quietWatch, onPhase: (phase) => phases.push(phase) };

const pp32 = workloadOf({ prompt: 32, generated: 0, depth: 0 });

/** Of another tool: nothing is known of it but its lengths. */
const zz9: Workload = {
  kind: "unknown",
  name: "zz9",
  prompt: 4,
  generated: 0,
  depth: 0,
  parallel: 1,
  metric: null,
  unit: null,
};

const rule: RunRule = { ...shortRule, repetitions: 2 };

async function startEngine(device: "cpu" | "vulkan"): Promise<Engine> {
  const started = await llamaCpp.start({ device, own: {} });
  afterAll(() => started.close());
  return started;
}

const engine = await startEngine("cpu");
const path = await toyWeights();

async function hostBuffersOf(loadMode: "mmap" | "none") {
  const session = await engine.open({ model: path, placement: { ...placement, loadMode } }, watch);
  const { buffers } = await session.run(pp32, rule, watch);
  await session.close();
  return buffers.find(({ device }) => device === "host");
}

describe("llama.cpp's engine", () => {
  it("states release, commit and the CPU as its only device", () => {
    expect(engine.facts).toMatchObject({
      engine: "llama.cpp",
      engine_version: "v0.4.0",
      package: "node-llama-cpp 3.21.1",
      backend: "cpu",
    });
    expect(engine.facts.build_commit).toMatch(/^[\da-f]{7,}$/u);
    expect(engine.facts.devices.map(({ type }) => type)).toEqual(["cpu"]);
  });

  it("tells weights that are mapped from those that the CPU copied into its own layout", async () => {
    const [mapped, read] = [await hostBuffersOf("mmap"), await hostBuffersOf("none")];
    const repacked = mapped?.weightsRepackedBytes ?? 0;
    expect(mapped?.weightsMappedBytes).toBeGreaterThan(0);
    expect((mapped?.weightsMappedBytes ?? 0) + repacked).toBe(mapped?.weightsBytes);
    expect(read).toMatchObject({ weightsMappedBytes: 0, weightsRepackedBytes: repacked });
  });

  it("gives one sample a repetition, for a prompt, for generation, for both, and at depth", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const workloads = [
      { prompt: 32, generated: 0, depth: 0 },
      { prompt: 0, generated: 8, depth: 0 },
      { prompt: 16, generated: 4, depth: 0 },
      { prompt: 0, generated: 4, depth: 256 },
    ].map(workloadOf);
    for (const workload of workloads) {
      const { samplesNs } = (await session.run(workload, rule, watch)).times;
      expect(samplesNs).toHaveLength(2);
      expect(Math.min(...samplesNs)).toBeGreaterThan(0);
    }
    await session.close();
  });

  it("tells the processor time of a repetition, warm-up and depth left out", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const deep = workloadOf({ prompt: 0, generated: 4, depth: 256 });
    const { readings, ownMs } = await session.run(deep, rule, watch);
    expect(readings.cpuMs).toBeGreaterThan(0);
    expect(2 * (readings.cpuMs ?? 0)).toBeLessThan(ownMs ?? 0);
    expect(readings.loadMs).toBe(session.model.loadMs);
    await session.close();
  });

  it.each<readonly [string, Workload, string]>([
    [
      "that llama-bench hasn't",
      zz9,
      "llama.cpp doesn't run zz9 here: a test that llama-bench hasn't",
    ],
    [
      "of several sequences",
      workloadOf({ prompt: 0, generated: 4, depth: 0, parallel: 8 }),
      "llama.cpp doesn't run tg4 x8 here: several sequences at once",
    ],
  ])("refuses a test %s, and times nothing in its place", async (_, workload, message) => {
    const session = await engine.open({ model: path, placement }, watch);
    const failing = { status: "failed", code: "engine_error" };
    await expect(session.run(workload, rule, watch)).rejects.toMatchObject({ failing, message });
    expect(session.alive).toBe(true);
    await session.close();
  });

  it("states what llama.cpp made of the settings: padded context, flash attention, load mode", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const measured = await session.run(pp32, rule, watch);
    expect(session.model).toMatchObject({ nLayers: 4, gpuLayers: 0, loadMode: "mmap" });
    expect(measured).toMatchObject({ nCtx: 256, flashAttn: true });
    const off = await session.run(
      pp32,
      { ...rule, context: { ...rule.context, flashAttn: "off" } },
      watch,
    );
    expect(off.flashAttn).toBe(false);
    await session.close();
  });

  it("fills a depth once and restores it for each repetition", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    phases.length = 0;
    const workload = workloadOf({ prompt: 8, generated: 0, depth: 64 });
    const measured = await session.run(workload, { ...rule, repetitions: 4 }, watch);
    expect(measured.depthRestored).toBe(true);
    expect(phases.filter(({ kind }) => kind === "fill")).toHaveLength(1);
    await session.close();
  });

  it("warms up like llama-bench, or with up to three repetitions until the next agrees with the last", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const short = await session.run(pp32, rule, watch);
    expect(short.times.warmupNs).toHaveLength(0);
    const full = await session.run(pp32, { ...rule, warmup: "full" }, watch);
    const { warmupNs, samplesNs } = full.times;
    const [last = NaN, first = NaN] = [warmupNs.at(-1), samplesNs[0]];
    const agrees = Math.abs(first - last) <= 0.02 * last;
    expect(warmupNs.length).toBeGreaterThanOrEqual(agrees ? 1 : 3);
    expect(warmupNs.length).toBeLessThanOrEqual(3);
    await session.close();
  });

  it("repeats for a time to see what speed the machine holds, and says when each sample began", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const { times } = await session.run(
      pp32,
      { ...rule, repetitions: { sustainSeconds: 0.3 } },
      watch,
    );
    expect(times).toMatchObject({ stoppedBy: "sustain", suspended: 0 });
    const started = times.startedNs ?? [];
    expect(started).toHaveLength(times.samplesNs.length);
    expect([...started]).toEqual([...started].sort((a, b) => a - b));
    await session.close();
  });

  it("accepts repetitions of a single token, whose logits are the same each time", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const workload = workloadOf({ prompt: 1, generated: 0, depth: 0 });
    await expect(session.run(workload, rule, watch)).resolves.toBeDefined();
    await session.close();
  });

  it("fails a case that llama.cpp refuses, in its words, and measures the next in the same process", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const refused = session.run(
      pp32,
      { ...rule, context: { ...rule.context, typeV: "q8_0", flashAttn: "off" } },
      watch,
    );
    await expect(refused).rejects.toMatchObject({
      failing: { status: "failed", code: "engine_error" },
      message: expect.stringContaining("context"),
    });
    expect(session.alive).toBe(true);
    await expect(session.run(pp32, rule, watch)).resolves.toBeDefined();
    await session.close();
  });

  it("fails a file that is no model, with the end of llama.cpp's log", async () => {
    const opening = engine.open({ model: import.meta.filename, placement }, watch);
    const failing = { status: "failed", code: "engine_error" };
    await expect(opening).rejects.toMatchObject({ failing });
    await expect(opening).rejects.toHaveProperty(
      "logTail",
      expect.arrayContaining([expect.stringContaining("failed to load model")]),
    );
  });

  it("stops a measurement when it is aborted, and is not alive after", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const stop = new AbortController();
    const measuring = session.run(
      pp32,
      { ...rule, repetitions: 100_000 },
      { ...watch, signal: stop.signal, onSample: () => stop.abort() },
    );
    await expect(measuring).rejects.toHaveProperty("name", "Interrupted");
    expect(session.alive).toBe(false);
    await session.close();
  });

  it("gives an engine up that says nothing for the allowed time", async () => {
    const session = await engine.open({ model: path, placement }, watch);
    const silent = session.run(
      pp32,
      { ...rule, delaySeconds: 30 },
      { ...watch, timeoutSeconds: 1 },
    );
    const failing = { status: "failed", code: "timed_out" };
    await expect(silent).rejects.toMatchObject({ failing });
    await session.close();
  });

  it("refuses a device whose build loads nowhere on this machine", async () => {
    const foreign = process.platform === "darwin" ? "cuda" : "metal";
    await expect(llamaCpp.start({ device: foreign, own: {} })).rejects.toMatchObject({
      code: "engine",
      message: expect.stringContaining(foreign),
    });
  });
});

describe.runIf(hasVulkan)("llama.cpp's engine on the software Vulkan device", async () => {
  const vulkan = hasVulkan ? await startEngine("vulkan") : engine;

  it.each([
    { asked: 0, onDevice: 0 },
    { asked: 2, onDevice: 2 },
    { asked: -1, onDevice: 5 },
  ])("places $asked layers and says $onDevice", async ({ asked, onDevice }) => {
    const session = await vulkan.open(
      { model: path, placement: { ...placement, gpuLayers: asked } },
      watch,
    );
    expect(session.model.gpuLayers).toBe(onDevice);
    const workload = workloadOf({ prompt: 4, generated: 0, depth: 0 });
    const { buffers } = await session.run(workload, rule, watch);
    const device = buffers.find(({ device: name }) => name === "Vulkan0");
    expect((device?.weightsBytes ?? 0) > 0).toBe(onDevice > 0);
    await session.close();
  });
});
