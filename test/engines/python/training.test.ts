import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { packageFolder } from "../../../src/base/packageFolder.ts";
import type { Precision } from "../../../src/bench/precisions.ts";
import { EngineError, wholeModel as placement, type Engine } from "../../../src/engines/engine.ts";
import { frameworks, type FrameworkName } from "../../../src/engines/python/frameworks.ts";
import { startPython } from "../../../src/engines/python/pythonEngine.ts";
import { torch } from "../../../src/engines/torch/row.ts";
import { resolveModel } from "../../../src/models/resolveModel.ts";
import { quietWatch as watch, shortRule as rule } from "../asked.ts";
import { hasFramework, python } from "./pythons.ts";
import { trainWorkload } from "./trainWorkload.ts";

const model = "toy-4m";
const { shape } = resolveModel(model);
const names = Object.keys(frameworks) as FrameworkName[];
const traits = { ...torch };

async function withEngine<Answer>(
  name: FrameworkName,
  use: (engine: Engine) => Promise<Answer>,
  more: { readonly script?: string; readonly compile?: boolean } = {},
): Promise<Answer> {
  const engine = await startPython({ name, traits, device: "cpu", python, compile: false, ...more });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

async function trained(engine: Engine, precision: Precision, ruled = rule, watched = watch) {
  const session = await engine.open({ model, shape, placement }, watched);
  try {
    return await session.run(trainWorkload(precision), ruled, watched);
  } finally {
    await session.close();
  }
}

describe.each(names)("training with %s", (name) => {
  const isHere = hasFramework(name);

  describe.runIf(isHere)("on the CPU", () => {
    it.each(["f32", "bf16", "f16"] as const)(
      "learns in %s, and tells what the step is made of",
      async (precision) => {
        const { times, readings, others, nCtx } = await withEngine(name, (engine) =>
          trained(engine, precision),
        );
        expect(times.samplesNs).toHaveLength(3);
        expect(nCtx).toBe(16);
        const { lossFirst, lossLast, flops } = readings;
        // Of 2048 tokens drawn at random a fresh model knows nothing: log 2048.
        expect(lossFirst).toBeCloseTo(Math.log(2048), 0);
        expect(lossLast).toBeLessThan(lossFirst ?? 0);
        expect(flops).toBeGreaterThan(6 * 32 * 4e6);
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

    it("says of float16 weights why they fail: not finite after the first step", async () => {
      const training = withEngine(name, (engine) => trained(engine, "f16-pure"));
      await expect(training).rejects.toMatchObject({
        failing: { status: "failed", code: "work_not_done" },
        message: expect.stringMatching(/not finite after 1 step: float16 weights and moments/u),
      });
    });

    it("skips TF32, which this device hasn't, and goes on in the same process", async () => {
      await withEngine(name, async (engine) => {
        const session = await engine.open({ model, shape, placement }, watch);
        const running = session.run(trainWorkload("tf32"), rule, watch);
        await expect(running).rejects.toMatchObject({
          failing: { status: "skipped", code: "not_supported" },
        });
        const { times } = await session.run(trainWorkload("f32"), rule, watch);
        expect(times.samplesNs).toHaveLength(3);
        await session.close();
      });
    });

    it("skips what would take longer than it may, before it is tried", async () => {
      const training = withEngine(name, (engine) =>
        trained(engine, "f32", { ...rule, mostSeconds: 1e-6 }),
      );
      await expect(training).rejects.toMatchObject({
        failing: { status: "skipped", code: "too_slow" },
        message: expect.stringMatching(/would take .* by 16 tokens that took .*--max-time/u),
      });
    });

    it("repeats for a precision, or for a time", async () => {
      await withEngine(name, async (engine) => {
        const session = await engine.open({ model, shape, placement }, watch);
        const auto = { precision: 1e-9, maxSeconds: 0.01 };
        const limited = await session.run(
          trainWorkload("f32"),
          { ...rule, repetitions: auto },
          watch,
        );
        expect(limited.times.stoppedBy).toBe("max_time");
        expect(limited.times.samplesNs.length).toBeGreaterThanOrEqual(2);
        const sustained = { ...rule, repetitions: { sustainSeconds: 0.3 } };
        const { times } = await session.run(trainWorkload("f32"), sustained, watch);
        expect(times.stoppedBy).toBe("sustain");
        expect(times.startedNs).toHaveLength(times.samplesNs.length);
        await session.close();
      });
    });

    it("refuses what is no training", async () => {
      await withEngine(name, async (engine) => {
        const session = await engine.open({ model, shape, placement }, watch);
        const pp = { kind: "prompt", prompt: 16, depth: 0, parallel: 1 } as const;
        await expect(session.run(pp, rule, watch)).rejects.toBeInstanceOf(EngineError);
        await session.close();
      });
    });
  });
});

const script = fileURLToPath(new URL("broken.py", import.meta.url));
process.env["WORKERS"] = packageFolder("workers");

describe.each(names)("a worker of %s", (name) => {
  const failing = async (deed: string, watched = watch) => {
    process.env["BROKEN"] = deed;
    const error: unknown = await withEngine(
      name,
      (engine) => trained(engine, "f32", rule, watched),
      { script },
    ).catch((reason) => reason);
    if (error instanceof EngineError) return error;
    throw new Error(`no EngineError but ${String(error)}`);
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
