import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { packageFolder } from "../../../src/base/packageFolder.ts";
import { copy, matmulOf, readOf } from "../../../src/bench/workload.ts";
import {
  EngineError,
  wholeModel as placement,
  type Engine,
  type Session,
} from "../../../src/engines/engine.ts";
import { frameworks, type FrameworkName } from "../../../src/engines/python/frameworks.ts";
import { startPython } from "../../../src/engines/python/pythonEngine.ts";
import { torch } from "../../../src/engines/torch/row.ts";
import { resolveModel } from "../../../src/models/resolveModel.ts";
import { quietWatch, shortRule as rule } from "../asked.ts";
import { hasFramework, python } from "./pythons.ts";
import { trainWorkload } from "./trainWorkload.ts";

// On a busy machine a framework takes a minute to import.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const watch = { ...quietWatch, timeoutSeconds: 250 };

const model = "toy-4m";
const { shape } = resolveModel(model);
const names = Object.keys(frameworks) as FrameworkName[];
const traits = { ...torch };

describe.each(names)("training with %s", (name) => {
  const isHere = hasFramework(name);

  describe.runIf(isHere)("on the CPU", () => {
    // To import a framework takes seconds: one process answers all that ends in none.
    let engine: Engine;
    let session: Session;
    beforeAll(async () => {
      engine = await startPython({ name, traits, device: "cpu", python, compile: false });
      session = await engine.open({ model, shape, placement }, watch);
    });
    afterAll(async () => {
      await session.close();
      await engine.close();
    });

    it.each(["f32", "bf16", "f16"] as const)(
      "learns in %s, and tells what the step is made of",
      async (precision) => {
        const launch = await session.run(trainWorkload(precision), rule, watch);
        const { times, readings, others, nCtx } = launch;
        expect(times.samplesNs).toHaveLength(3);
        expect(nCtx).toBe(16);
        const { lossFirst, lossLast, flops } = readings;
        // Of 2048 tokens drawn at random a fresh model knows nothing: log 2048.
        expect(lossFirst).toBeCloseTo(Math.log(2048), 0);
        expect(lossLast).toBeLessThan(lossFirst ?? 0);
        expect(flops).toBeGreaterThan(6 * 32 * 3.6e6);
        expect(readings.memory?.peak_resident_bytes).toBeGreaterThan(16 * 4e6);
        expect(others).toMatchObject({
          weights: "f32",
          compute: precision,
          moments: "f32",
          scaler: precision === "f16" ? "dynamic" : "none",
          compiler: "none",
        });
        expect(Object.keys(others ?? {})).toEqual(
          expect.arrayContaining(["accumulation", "attention", "optimizer"]),
        );
      },
    );

    // torch's compiler takes minutes on a busy processor.
    it.runIf(name === "mlx")("takes the same steps where they are compiled", async () => {
      const plain = await session.run(trainWorkload("f32"), rule, watch);
      const compiling = await startPython({ name, traits, device: "cpu", python, compile: true });
      const compiled = await compiling.open({ model, shape, placement }, watch);
      const phases: string[] = [];
      const launch = await compiled.run(trainWorkload("f32"), rule, {
        ...watch,
        onPhase: ({ kind }) => phases.push(kind),
      });
      await compiled.close();
      await compiling.close();
      expect(launch.others?.["compiler"]).toBe("mx.compile");
      expect(launch.readings.compileMs).toBeGreaterThan(0);
      expect(launch.readings.lossFirst).toBeCloseTo(plain.readings.lossFirst ?? 0, 3);
      expect(launch.readings.lossLast).toBeLessThan(launch.readings.lossFirst ?? 0);
      expect(phases).toContain("compile");
    });

    it("says of float16 weights why they fail: not finite after the first step", async () => {
      const training = session.run(trainWorkload("f16-pure"), rule, watch);
      await expect(training).rejects.toMatchObject({
        failing: { status: "failed", code: "work_not_done" },
        message: expect.stringMatching(/not finite after 1 step: float16 weights and moments/u),
      });
    });

    it("skips TF32, which this device hasn't, and goes on in the same process", async () => {
      await expect(session.run(trainWorkload("tf32"), rule, watch)).rejects.toMatchObject({
        failing: { status: "skipped", code: "not_supported" },
      });
      expect(session.alive).toBe(true);
    });

    it("skips what would take longer than it may, before it is tried", async () => {
      const hasty = { ...rule, mostSeconds: 1e-6 };
      await expect(session.run(trainWorkload("f32"), hasty, watch)).rejects.toMatchObject({
        failing: { status: "skipped", code: "too_slow" },
        message: expect.stringMatching(/would take .* by 16 tokens that took .*--max-time/u),
      });
      await expect(session.run(matmulOf(256, "f32"), hasty, watch)).rejects.toBeInstanceOf(
        EngineError,
      );
    });

    it("repeats until the time is up, or for a time", async () => {
      const auto = { ...rule, repetitions: { precision: 1e-9, maxSeconds: 0.01, enough: null } };
      const limited = await session.run(trainWorkload("f32"), auto, watch);
      expect(limited.times.stoppedBy).toBe("max_time");
      expect(limited.times.samplesNs.length).toBeGreaterThanOrEqual(2);
      const sustained = { ...rule, repetitions: { sustainSeconds: 0.3 } };
      const { times } = await session.run(trainWorkload("f32"), sustained, watch);
      expect(times.stoppedBy).toBe("sustain");
      expect(times.startedNs).toHaveLength(times.samplesNs.length);
    });

    describe("without a model", () => {
      let machine: Session;
      beforeAll(async () => {
        machine = await engine.open({ model: null, placement }, watch);
      });
      afterAll(() => machine.close());

      it.each([
        ["copies", copy],
        ["reads matrices", readOf("bf16")],
        ["multiplies matrices", matmulOf(256, "f32")],
      ])("%s, with a burst beside what it holds", async (_, workload) => {
        const { times, readings } = await machine.run(workload, rule, watch);
        expect(times.samplesNs).toHaveLength(3);
        expect(readings.passes).toBeGreaterThan(0);
        expect(readings.burstValue).toBeGreaterThan(0);
        expect(readings.passBytes === null).toBe(workload.kind === "matmul");
      });

      it("skips types that only llama.cpp has", async () => {
        await expect(machine.run(readOf("q4_k"), rule, watch)).rejects.toMatchObject({
          failing: { status: "skipped", code: "not_supported" },
        });
      });

      it("refuses what needs a model", async () => {
        await expect(machine.run(trainWorkload("f32"), rule, watch)).rejects.toBeInstanceOf(
          EngineError,
        );
      });
    });
  });
});

const script = fileURLToPath(new URL("broken.py", import.meta.url));
process.env["WORKERS"] = packageFolder("workers");

describe.each(names)("a worker of %s", (name) => {
  const failing = async (deed: string, watched = watch) => {
    process.env["BROKEN"] = deed;
    const ask = { name, traits, device: "cpu", python, compile: false } as const;
    const engine = await startPython({ ...ask, script });
    const session = await engine.open({ model, shape, placement }, watched);
    try {
      const error: unknown = await session
        .run(trainWorkload("f32"), rule, watched)
        .catch((reason) => reason);
      if (error instanceof EngineError) return error;
      throw new Error(`no EngineError but ${String(error)}`);
    } finally {
      await session.close();
      await engine.close();
    }
  };

  describe.runIf(hasFramework(name))("that is broken", () => {
    it.each([
      ["skips the backward pass", /no gradient/u],
      ["skips the step", /unchanged after 4 steps/u],
      ["skips the backward pass once it is timed", /repetition \d+/u],
      ["skips the step once it is timed", /repetition \d+ left the weights as they were/u],
      ["moves the weights by old gradients once it is timed", /no gradient of its own/u],
    ])("is caught where it %s", async (deed, words) => {
      const error = await failing(deed);
      expect(error.failing).toEqual({ status: "failed", code: "work_not_done" });
      expect(error.message).toMatch(words);
    });

    it("fails the case where it dies", async () => {
      const { failing: as, message } = await failing("dies in a step");
      expect(as).toEqual({ status: "failed", code: "crashed" });
      expect(message).toMatch(/^the engine's process ended by .* during /u);
    });

    it("does not fit where its allocator has nothing left", async () => {
      const { failing: as, message } = await failing("runs out of memory in a step");
      expect(as).toEqual({ status: "does_not_fit", code: "measured_oom" });
      expect(message).toMatch(/allocate/u);
    });

    it("is given up after the user's time where it hangs", async () => {
      const { failing: as } = await failing("hangs in a step", { ...watch, timeoutSeconds: 5 });
      expect(as).toEqual({ status: "failed", code: "timed_out" });
    });
  });
});
