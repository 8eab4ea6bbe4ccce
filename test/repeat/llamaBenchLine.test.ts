import { expect, it } from "vitest";
import { llamaBenchLine } from "../../src/repeat/llamaBenchLine.ts";
import { otherSettingsOf } from "../../src/bench/otherSettings.ts";
import type { BenchCase } from "../../src/plan/benchCase.ts";
import { llamaBenchCommandOf } from "../../src/run/llamaBenchCommand.ts";
import { measuredCase } from "./cases.ts";
import { understood } from "./commandLine.ts";

it("llama-bench's line has each setting that isn't its default", () => {
  const measured = { n_batch: 1024, n_threads: 8, model_filename: "a b.gguf", n_depth: 4096 };
  const placed = {
    split_mode: "row",
    tensor_split: "3.00/1.00",
    main_gpu: 1,
    n_cpu_moe: 4,
    no_kv_offload: 1,
    load_mode: "none",
  };
  expect(
    llamaBenchLine(measuredCase({ ...measured, ...placed, repetitions: 6, launches: 2 })),
  ).toBe(
    "llama-bench -m 'a b.gguf' -p 0 -n 128 -d 4096 -b 1024 -t 8 -ngl 33 -fa 1 -sm row -ts 3.00/1.00 -mg 1 -ncmoe 4 -nkvo 1 -lm none -r 3",
  );
});

it("llama-bench's line says every setting in its own words, and they mean the same again", () => {
  const others = {
    lazy_mode: "on",
    no_host: "1",
    no_op_offload: "1",
    embeddings: "1",
    cpu_mask: "0xff",
    cpu_strict: "1",
    poll: "0",
    numa: "distribute",
    prio: "-1",
  };
  const placed = {
    devices: "CUDA1/CUDA0",
    tensor_overrides: String.raw`blk\.(1|2)\.ffn_.*=CPU;output=CUDA1`,
    load_mode: "mmap+mlock",
    other_settings: Object.entries(others).map(([name, value]) => `${name}=${value}`),
  };
  const line = llamaBenchLine(measuredCase(placed));
  expect(line).toBe(
    String.raw`llama-bench -m llama-2-7b-q4_0.gguf -p 0 -n 128 -C 0xff --cpu-strict 1 --poll 0 --prio -1 --numa distribute -ngl 33 -fa 1 -dev CUDA1/CUDA0 -ot 'blk\.(1|2)\.ffn_.*=CPU;output=CUDA1' -nopo 1 --no-host 1 -embd 1 -lm mmap+mlock -lzm on`,
  );
  const { cases } = understood(line.replace("llama-bench", "llmbench run"));
  const [one] = cases;
  expect(cases).toHaveLength(1);
  expect(one?.placement).toMatchObject({
    devices: ["CUDA1", "CUDA0"],
    tensorOverrides: [
      { pattern: String.raw`blk\.(1|2)\.ffn_.*`, buffer: "CPU" },
      { pattern: "output", buffer: "CUDA1" },
    ],
    loadMode: "mmap+mlock",
  });
  expect(cases.map(otherSettingsOf)).toEqual([others]);
});

it("llama-bench's line has devices and tensors as a run asked for them", () => {
  const { cases } = understood(
    "llmbench run -m toy-4m -dev none -ot a=CPU -nopo 1 -p 16 -n 0 -t 2 --prio 1",
  );
  const [settings] = cases;
  if (settings === undefined) throw new Error("no case");
  const variant = { weights: { opened: "a.gguf" } };
  const asked = { variant, settings, gpuLayers: 0 } as unknown as BenchCase;
  expect(llamaBenchCommandOf(asked, 5)).toBe(
    "llama-bench -m a.gguf -p 16 -n 0 -t 2 --prio 1 -ngl 0 -dev none -ot a=CPU -nopo 1",
  );
});

it("llama-bench's line is the journal's own where it keeps one", () => {
  expect(llamaBenchLine(measuredCase({ llama_bench: "llama-bench -m x" }))).toBe(
    "llama-bench -m x",
  );
});

it("llama-bench's line names a file of the row's quantization, and none that isn't known", () => {
  expect(llamaBenchLine(measuredCase())).toContain("-m llama-2-7b-q4_0.gguf");
  expect(llamaBenchLine(measuredCase({ quantization: null }))).toContain("-m llama-2-7b.gguf");
});

it("llama-bench's line is -pg where both are one test", () => {
  expect(llamaBenchLine(measuredCase({ n_prompt: 512 }))).toContain("-p 0 -n 0 -pg 512,128 -ngl");
});
