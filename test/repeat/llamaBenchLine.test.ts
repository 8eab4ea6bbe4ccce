import { expect, it } from "vitest";
import { llamaBenchLine } from "../../src/repeat/llamaBenchLine.ts";
import { measuredCase } from "./cases.ts";

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
