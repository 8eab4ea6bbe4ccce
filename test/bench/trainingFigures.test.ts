import { expect, it } from "vitest";
import { stepMs, trainTflops } from "../../src/bench/trainingFigures.ts";
import { caseOf, tested } from "../results/rows.ts";

const trained = caseOf({
  ...tested({ n_prompt: 1 }),
  n_prompt: 0,
  test: "train512 b4 bf16",
  status: "measured",
  model: "toy-124m",
  metric: "train_ts",
  unit: "t/s",
  avg_ts: 1024,
  avg_ns: 2e9,
  flops: 3e12,
});

it("a training step's TFLOP/s are its operations over its time, by the mean of its tokens per second", () => {
  expect(stepMs(trained)).toBe(2000);
  expect(trainTflops(trained)).toBeCloseTo(1.5, 9);
});

it("other tests, and steps whose operations nobody counted, have none", () => {
  const prompt = caseOf({
    ...tested({ n_prompt: 512 }),
    status: "measured",
    model: "toy-124m",
    avg_ts: 5,
    flops: 1,
  });
  expect([stepMs(prompt), trainTflops(prompt)]).toEqual([null, null]);
  const uncounted = { ...trained };
  if (uncounted.status !== "measured") throw new Error("it was measured");
  const readings = { ...uncounted.summary.readings, flops: null };
  expect(trainTflops({ ...uncounted, summary: { ...uncounted.summary, readings } })).toBeNull();
});
