/** Training is measured again by the flags that ask for it. */
import { describe, expect, it } from "vitest";
import { expandWorkloads } from "../../src/suite/expand.ts";
import { testName } from "../../src/bench/workload.ts";
import { llmbenchCommands, llmbenchLines } from "../../src/repeat/llmbenchLine.ts";
import type { ReadRow } from "../../src/results/row.ts";
import { caseOf, tested } from "../results/rows.ts";
import { understood } from "./commandLine.ts";

function trained(test: string, more: Partial<ReadRow> = {}) {
  return caseOf({
    ...tested({ n_prompt: 1 }),
    n_prompt: 0,
    test,
    status: "measured",
    metric: "train_ts",
    unit: "t/s",
    avg_ts: 1024,
    launches: 1,
    repetitions: 5,
    engine: "torch",
    backend: "cpu",
    model: "toy-124m",
    weights: "synthetic",
    n_threads: 2,
    seed: 1,
    ...more,
  });
}

const lineOf = (test: string, more?: Partial<ReadRow>) =>
  llmbenchLines(trained(test, more), []).join("\n");

describe("a row of training", () => {
  it("has the command that measures it again: model, step, precision, engine, device and threads", () => {
    const line = lineOf("train512 b4 bf16");
    expect(line).toMatch(/^llmbench run --model toy-124m /u);
    const { settings } = understood(line);
    expect(settings).toMatchObject({
      engine: "torch",
      device: "cpu",
      models: ["toy-124m"],
      repetitions: 5,
    });
    expect(settings.nThreads).toEqual([2]);
    expect(expandWorkloads(settings).map(testName)).toEqual(["train512 b4 bf16"]);
  });

  it("says --compile where its step was compiled", () => {
    expect(lineOf("train512 b4 bf16")).not.toContain("--compile");
    const line = lineOf("train512 b4 bf16", { other_settings: ["compiler=torch.compile"] });
    expect(line).toMatch(/ --compile(?: |$)/u);
    expect(understood(line).settings.compile).toBe(true);
  });

  it("shares a command with rows of the same step in other precisions, and of other steps in the same", () => {
    const steps = ["train512 b4 f32", "train512 b4 bf16", "train512 b16 f32", "train512 b16 bf16"];
    const commands = llmbenchCommands(
      steps.map((test) => trained(test)),
      () => [],
    );
    expect(commands).toHaveLength(1);
    const { settings } = understood(commands[0]?.lines.at(-1) ?? "");
    expect(expandWorkloads(settings).map(testName).toSorted()).toEqual(steps.toSorted());
  });

  it("of a shape that isn't the catalogue's says why there is none", () => {
    expect(lineOf("train512 b4 f32", { model: "my-model" })).toMatch(
      /^# no llmbench line: llmbench knows no model my-model/u,
    );
  });
});
