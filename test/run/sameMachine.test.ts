import { describe, expect, it } from "vitest";
import { LlmbenchError } from "../../src/errors.ts";
import { checkSameEngine, checkSameMachine } from "../../src/run/sameMachine.ts";
import { runLine } from "../results/journals.ts";

const { machine, engine } = runLine;
const path = "reports/x/results.jsonl";

describe("a run that is resumed", () => {
  it("goes on with the machine and the engine that it began with, whatever they are called", () => {
    expect(() => checkSameMachine(machine, { ...machine, name: "other" }, path)).not.toThrow();
    expect(() => checkSameEngine(engine, { ...engine, libraries: [] }, path)).not.toThrow();
  });

  it("goes on where a new kernel keeps a few MB more to itself", () => {
    const now = { ...machine, ram_bytes: machine.ram_bytes - 40 * 2 ** 20 };
    expect(() => checkSameMachine(machine, now, path)).not.toThrow();
  });

  it("is refused on another machine, with the difference", () => {
    const now = { ...machine, gpu_cores: 30, ram_bytes: machine.ram_bytes / 2 };
    expect(() => checkSameMachine(machine, now, path)).toThrow(LlmbenchError);
    expect(() => checkSameMachine(machine, now, path)).toThrow(
      `${path}: the machine is another than the run began with: gpu_cores was ${machine.gpu_cores}, is 30; ` +
        `ram_bytes was ${machine.ram_bytes}, is ${now.ram_bytes}; start a new run`,
    );
  });

  it.each([
    [{ build_commit: "0000000" }, /build_commit was ".+", is "0000000"/u],
    [{ backend: "cpu" as const }, /backend was "metal", is "cpu"/u],
    [{ devices: [] }, /devices was "MTL0 Apple M3 Max", is ""/u],
  ])("is refused with another engine: %j", (change, message) => {
    expect(() => checkSameEngine(engine, { ...engine, ...change }, path)).toThrow(message);
  });
});
