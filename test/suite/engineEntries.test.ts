import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { testName } from "../../src/bench/workload.ts";
import { expandWorkloads } from "../../src/suite/expand.ts";
import { runSettings, type SuitePart } from "../../src/suite/runSettings.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench entries "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const both = `
copy: true
model: 7b
n-prompt: 64
n-gen: 0
repetitions: 3
engines:
  torch:
    matmul: [512:f32]
    m: toy-4m
    train: 16x2
    precisions: [f32, bf16]
`;

function suite(text = both): string {
  const path = join(folder, "both.yaml");
  writeFileSync(path, text);
  return path;
}

const asked = (given: GivenFlags, text?: string) => runSettings({ suite: suite(text), ...given });

const isOptional = (given: GivenFlags) => asked(given).beside[0]?.isOptional;

const tests = ({ settings }: SuitePart) => expandWorkloads(settings).map(testName);

describe("a suite's further engines", () => {
  it("measure what their entries say, by what holds for the whole run", () => {
    const run = asked({});
    expect(tests(run)).toEqual(["copy", "pp64"]);
    expect(run.beside).toHaveLength(1);
    const [torch] = run.beside;
    expect(torch?.settings).toMatchObject({ engine: "torch", models: ["toy-4m"], repetitions: 3 });
    expect(torch === undefined ? [] : tests(torch)).toEqual([
      "matmul512 f32",
      "train16 b2 f32",
      "train16 b2 bf16",
    ]);
  });

  it("take flags of the whole run, and of tests those that they name; models are the suite's own", () => {
    const run = asked({
      models: ["13b"],
      repetitions: 7,
      nThreads: [1],
      copy: true,
      precisions: ["f16"],
      gpuLayers: [0],
    });
    const [torch] = run.beside;
    expect(run.settings).toMatchObject({ models: ["13b"], gpuLayers: [0] });
    expect(torch?.settings).toMatchObject({
      models: ["toy-4m"],
      repetitions: 7,
      nThreads: [1],
      copy: false,
      precisions: ["f16"],
    });
    expect(torch?.typed).not.toHaveProperty("gpuLayers");
  });

  it("may be missing, unless a flag asks for what they alone do", () => {
    expect(isOptional({ nThreads: [1], repetitions: 2, device: "cpu" })).toBe(true);
    expect(isOptional({ train: [{ sequence: 8, batch: 1 }] })).toBe(false);
    expect(isOptional({ python: "python3" })).toBe(false);
  });

  it.each([
    ["torch", ["matmul512 f32", "train16 b2 f32", "train16 b2 bf16"]],
    ["mlx", ["matmul512 f32", "train16 b2 f32", "train16 b2 bf16"]],
    ["llama.cpp", ["copy", "pp64"]],
  ] as const)("alone are a run where --engine %s is typed", (engine, own) => {
    const run = asked({ engine });
    expect(run.settings.engine).toBe(engine);
    expect(tests(run)).toEqual(own);
    expect(run.beside).toEqual([]);
  });

  it("are all of a suite that says nothing beside them", () => {
    const run = asked(
      {},
      "engines:\n  torch:\n    copy: true\n    train: 8x1\n    model: toy-4m\n  mlx:\n    train: 8x1\n    model: toy-4m\n",
    );
    expect([run, ...run.beside].map(({ settings }) => settings.engine)).toEqual(["torch", "mlx"]);
  });

  it.each([
    ["engines:\n  tourch: {}", /engines: unknown key "tourch" \(did you mean torch\?\)$/u],
    ["engines: 5", /engines: expected keys with values, got 5$/u],
    ["engines:\n  torch: [1]", /engines\.torch: expected keys with values, got \[1\]$/u],
    [
      "engines:\n  torch:\n    trian: 8x1",
      /engines\.torch: unknown key "trian" \(did you mean train\?\)$/u,
    ],
    [
      "engines:\n  torch:\n    repetitions: 3",
      /engines\.torch: repetitions: holds for the whole run: say it at the top/u,
    ],
    ["engines:\n  torch:\n    rpc: x:1", /engines\.torch: rpc: belongs to another engine$/u],
    [
      "engines:\n  torch:\n    train: 8",
      /engines\.torch\.train: expected tokens of a sequence .*, got 8$/u,
    ],
    ["engines:\n  torch:\n    m: 7b\n    model: 7b", /engines\.torch: model: means the same as m/u],
    ["model: 7b\nengines:\n  torch:\n    train: 8x1", /engines\.torch: no model: /u],
    ["enginse:\n  torch: {}", /unknown key "enginse" \(did you mean engines?\?\)$/u],
  ])("are refused with file, entry and reason: %j", (text, message) => {
    expect(() => asked({}, text)).toThrow(message);
    expect(() => asked({}, text)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
