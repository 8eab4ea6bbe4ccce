/** Cases that somebody wants to measure again. */
import type { CaseRecord } from "../../src/bench/record.ts";
import type { ReadRow } from "../../src/results/row.ts";
import { caseOf, tested } from "../results/rows.ts";

type Lengths = Parameters<typeof tested>[0];

/** A measured tg128 of Llama 2 7B, wholly on a GPU, by its columns. */
export function measuredCase(given: Partial<ReadRow> & Lengths = {}): CaseRecord {
  const { n_prompt = 0, n_gen = 128, n_depth = 0 } = given;
  const samples = [100, 100.2, 99.8, 100.1, 99.9];
  return caseOf({
    status: "measured",
    machine: "rtx",
    backend: "cuda",
    engine: "llama.cpp",
    model: "llama-2-7b",
    quantization: "q4_0",
    weights: "real",
    n_layers: 32,
    n_gpu_layers: 33,
    type_k: "f16",
    type_v: "f16",
    flash_attn: 1,
    launches: 1,
    repetitions: samples.length,
    avg_ts: 100,
    samples_ts: samples,
    ...given,
    ...tested({ n_prompt, n_gen, n_depth }),
  });
}
