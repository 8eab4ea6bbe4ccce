/** What llama.cpp's backends tell of the machine without a model, through the real child. */
import { describe, expect, it } from "vitest";
import { usualPlacement } from "../../../../src/bench/settings.ts";
import { copy, matmulOf, readOf, type MachineWorkload } from "../../../../src/bench/workload.ts";
import { EngineError, wholeModel, type Session } from "../../../../src/engines/engine.ts";
import { llamaCpp } from "../../../../src/engines/llamacpp/row.ts";
import { matrixTypes } from "../../../../src/gguf/ggmlTypes.ts";
import { lastLevelCacheBytes } from "../../../../src/machine/lastLevelCache.ts";
import { quietWatch, shortRule } from "../../asked.ts";
import { hasVulkan } from "../../vulkan.ts";

const rule = { ...shortRule, repetitions: 1, warmup: "none" } as const;

async function withSession<Answer>(
  device: "cpu" | "vulkan",
  devices: readonly string[] | "auto",
  use: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  const engine = await llamaCpp.start({ device, own: {} });
  try {
    const placement = { ...wholeModel, ...usualPlacement, gpuLayers: -1, devices };
    const session = await engine.open({ model: null, placement }, quietWatch);
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  } finally {
    await engine.close();
  }
}

const onCpu = (workload: MachineWorkload) =>
  withSession("cpu", "auto", (session) => session.run(workload, rule, quietWatch));

describe("a test of the machine on the CPU", () => {
  it("reads more than four times what the processor's caches hold", async () => {
    const { readings, buffers } = await onCpu(readOf("q8_0"));
    const cache = lastLevelCacheBytes();
    const assumed = readings.assumedCacheBytes ?? null;
    expect(readings.passBytes).toBeGreaterThanOrEqual(4 * (cache ?? assumed ?? Infinity));
    expect(assumed === null).toBe(cache !== null);
    expect(buffers.map(({ device }) => device)).toEqual(["host"]);
    expect(buffers[0]?.weightsBytes).toBeGreaterThanOrEqual(readings.passBytes ?? Infinity);
  });

  it("counts what is copied twice, once read and once written", async () => {
    const { readings, buffers } = await onCpu(copy);
    expect(readings.passBytes).toBe(buffers[0]?.computeBytes);
  });

  it("tells its burst apart, from how many passes a repetition consists of, and its load", async () => {
    const { readings, times } = await onCpu(matmulOf(256, "q4_0"));
    expect(times.samplesNs).toHaveLength(1);
    expect(readings.passes).toBeGreaterThan(1);
    expect(readings.burstValue).toBeGreaterThan(0);
    expect(readings.passBytes).toBeNull();
    expect(readings.loadMs).toBeGreaterThan(0);
  });

  it("multiplies with every type that weights have", async () => {
    await withSession("cpu", "auto", async (session) => {
      for (const type of matrixTypes) {
        const { times } = await session.run(matmulOf(256, type.toLowerCase()), rule, quietWatch);
        expect(times.samplesNs[0]).toBeGreaterThan(0);
      }
    });
  }, 300_000);

  it("of a type that ggml hasn't is not supported, and the next one is measured", async () => {
    await withSession("cpu", "auto", async (session) => {
      const refused = session.run(readOf("q9_9"), rule, quietWatch);
      await expect(refused).rejects.toBeInstanceOf(EngineError);
      await expect(refused).rejects.toMatchObject({
        failing: { status: "skipped", code: "not_supported" },
      });
      expect(session.alive).toBe(true);
      await session.run(matmulOf(256, "f16"), rule, quietWatch);
    });
  });

  it("of a device that isn't there fails, and names it", async () => {
    const asked = withSession("cpu", ["CUDA7"], (session) => session.run(copy, rule, quietWatch));
    await expect(asked).rejects.toThrow(/CUDA7/);
  });
});

describe.runIf(hasVulkan)("a test of the machine on a GPU", () => {
  it("lies in the device's memory, and is an answer also of a type that it lacks", async () => {
    await withSession("vulkan", ["Vulkan0"], async (session) => {
      const { buffers } = await session.run(matmulOf(256, "q4_0"), rule, quietWatch);
      expect(buffers.map(({ device }) => device)).toEqual(["Vulkan0"]);
      await expect(session.run(matmulOf(256, "tq1_0"), rule, quietWatch)).rejects.toMatchObject({
        failing: { status: "skipped", code: "not_supported" },
      });
    });
  }, 300_000);
});
