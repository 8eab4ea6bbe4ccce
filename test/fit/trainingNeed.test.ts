/** What a step of training takes, against what the frameworks were measured to allocate. */
import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/bench/precisions.ts";
import type { StepOrder } from "../../src/bench/stepOrder.ts";
import type { TrainWorkload } from "../../src/bench/workload.ts";
import { trainingNeed } from "../../src/fit/trainingNeed.ts";
import { decoderParameters, decoderShape } from "../../src/gguf/decoderShape.ts";
import { memoryBudget } from "../../src/machine/memoryBudget.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";

const gib = 2 ** 30;
const mb = 1e6;

function shapeOf(model: string) {
  const { shape } = resolveModel(model);
  if (shape === null) throw new Error(`no shape of ${model}`);
  return decoderShape(shape);
}

function budget(bytes: number, device = false) {
  const gpu = { name: "CUDA0", description: "a card", memory: "own", usableBytes: bytes } as const;
  return memoryBudget({
    ramBytes: 2 * bytes,
    ramAvailableBytes: device ? 64 * gib : bytes + 512 * 2 ** 20,
    metal: false,
    devices: device ? [gpu] : [],
  });
}

function need(
  model: string,
  size: readonly [sequence: number, batch: number],
  precision: Precision,
  {
    order = "eager",
    bytes = 100 * gib,
    device = false,
  }: Partial<{ order: StepOrder; bytes: number; device: boolean }> = {},
) {
  const [sequence, batch] = size;
  const workload: TrainWorkload = {
    kind: "train",
    sequence,
    batch,
    precision,
    depth: 0,
    parallel: 1,
  };
  return trainingNeed(shapeOf(model), workload, budget(bytes, device), order);
}

const lazyActivations = (sequence: number, batch: number) =>
  need("toy-4m", [sequence, batch], "f32", { order: "lazy" }).activationBytes;

const onCard = (model: string) => need(model, [2048, 1], "f32", { device: true });

/**
 * Allocated at most in the second step, weights and moments included, in 10^6 bytes. Of torch 2.15 on the CPU by its profiler's
 * memory events (real steps) or, with the same figures to the byte where both were taken, by its tracker over fake tensors;
 * of MLX 0.32 on the CPU by mx.get_peak_memory.
 */
const measured = [
  ["eager", "toy-4m", [64, 2], "f32", 71.4],
  ["eager", "toy-4m", [512, 4], "f32", 283.6],
  ["eager", "toy-4m", [512, 4], "bf16", 231.2],
  ["eager", "toy-4m", [512, 4], "f16", 231.2],
  ["eager", "toy-24m", [16, 1], "f32", 407],
  ["eager", "toy-24m", [128, 4], "f32", 456.4],
  ["eager", "toy-24m", [512, 4], "f32", 957.2],
  ["eager", "toy-24m", [64, 4], "bf16", 407],
  ["eager", "toy-24m", [128, 4], "bf16", 454.8],
  ["eager", "toy-124m", [16, 1], "f32", 2286.5],
  ["eager", "toy-124m", [16, 1], "bf16", 2286.5],
  ["eager", "toy-124m", [512, 4], "f32", 4300.1],
  ["lazy", "toy-4m", [64, 2], "f32", 81.2],
  ["lazy", "toy-4m", [256, 2], "f32", 139.8],
  ["lazy", "toy-4m", [256, 2], "bf16", 119.4],
  ["lazy", "toy-4m", [64, 8], "f32", 132.3],
  ["lazy", "toy-24m", [16, 1], "f32", 455.7],
  ["lazy", "toy-24m", [64, 2], "f32", 459.4],
  ["lazy", "toy-24m", [16, 1], "bf16", 509.2],
] as const;

describe("the predicted need of a training step", () => {
  it.each(measured)(
    "%s, %s at %j in %s is what was allocated, within a tenth",
    (order, model, size, precision, allocated) => {
      const { totalBytes, leastBytes, mostBytes } = need(model, size, precision, { order });
      expect(Math.abs(totalBytes / (allocated * mb) - 1)).toBeLessThan(0.1);
      expect(leastBytes).toBeLessThanOrEqual(1.02 * allocated * mb);
      expect(mostBytes).toBeGreaterThanOrEqual(0.999 * allocated * mb);
    },
  );

  it("counts weights, gradients and two moments exactly, in f32 unless the weights are cast", () => {
    const parameters = decoderParameters(shapeOf("toy-124m"));
    expect(need("toy-124m", [16, 1], "bf16")).toMatchObject({
      weightsBytes: 4 * parameters,
      gradientBytes: 4 * parameters,
      momentBytes: 8 * parameters,
    });
    expect(need("toy-124m", [16, 1], "f16-pure").momentBytes).toBe(4 * parameters);
  });

  it("of few tokens is at its most when the weights move, and of many when the loss is known", () => {
    const few = need("toy-124m", [16, 1], "f32");
    expect(few.totalBytes).toBeGreaterThan(few.weightsBytes + few.gradientBytes + few.momentBytes);
    const many = need("toy-124m", [512, 16], "f32");
    expect(many.totalBytes).toBe(many.weightsBytes + many.momentBytes + many.activationBytes);
  });

  it("grows with a square of the sequence where attention has no kernel of its own", () => {
    expect(lazyActivations(1024, 1)).toBeGreaterThan(1.5 * lazyActivations(128, 8));
    expect(
      onCard("tinyllama-1.1b").mostBytes / onCard("tinyllama-1.1b").totalBytes,
    ).toBeGreaterThan(1.4);
  });

  it("decides where the whole band does, and else says the band", () => {
    const { leastBytes, mostBytes } = need("toy-24m", [512, 4], "f32");
    const at = (bytes: number) => need("toy-24m", [512, 4], "f32", { bytes });
    expect(at(mostBytes).fit).toBe("full");
    expect(at(leastBytes - 1).fit).toBe("none");
    const between = at((leastBytes + mostBytes) / 2);
    expect(between.fit).toBe("unknown");
    expect(between.why).toMatch(
      /^by an estimate \(.* to .*\) it may not fit, .* of .* on host memory: weights /u,
    );
  });

  it("has room for the optimizer's copies of all weights on a GPU", () => {
    const few = need("tinyllama-1.1b", [16, 1], "f32", { device: true });
    expect(few.mostBytes).toBeGreaterThanOrEqual(5 * few.weightsBytes);
  });
});
