import { expect, test } from "vitest";
import { parseQuantizationLog } from "../../src/gguf/quantizationLog.ts";

// Lines of llama.cpp v0.4.0's dry run.
const log = [
  "llama_model_loader: - type  f16:  562 tensors",
  "warning: blk.0.attn_k.weight                  - ncols    288 not divisible by 256 (required for type    q4_K) -> falling back to    q5_0",
  "[   1/ 723] output.weight                        - [  8192,  32000,      1,      1], type =    f16, size =   500.00 MiB ->   205.08 MiB (q6_K)",
  "[   2/ 723] output_norm.weight                   - [  8192,      1,      1,      1], type =    f32, size =    0.031 MiB",
  "[   4/ 723] blk.0.attn_k.weight                  - [  8192,   1024,      1,      1], type =    f16, size =    16.00 MiB ->     4.50 MiB (q4_0)",
  "llama_model_quantize_impl: quant size  = 37070.73 MiB (4.51 BPW)",
];

test("chosen and kept types are read off the log", () => {
  expect([...parseQuantizationLog(log)]).toEqual([
    ["output.weight", "q6_K"],
    ["output_norm.weight", "f32"],
    ["blk.0.attn_k.weight", "q4_0"],
  ]);
});

test("a type that llmbench doesn't know is an error", () => {
  const line = (log[2] ?? "").replace("q6_K", "q7_Z");
  expect(() => parseQuantizationLog([line])).toThrow(/unknown ggml type/);
});
