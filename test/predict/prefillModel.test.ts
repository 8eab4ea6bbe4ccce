import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../src/bench/record.ts";
import { shapeLayers } from "../../src/fit/memoryModel.ts";
import { elementsOf } from "../../src/gguf/ggmlTypes.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { unknownDatasheet } from "../../src/predict/datasheet.ts";
import { decodeModel } from "../../src/predict/decodeModel.ts";
import { prefillModel } from "../../src/predict/prefillModel.ts";
import { prefillWork } from "../../src/predict/prefillWork.ts";
import { row } from "./rows.ts";

const shape = catalogue().find("llama-2-13b")?.shape;
if (shape === undefined) throw new Error("no model llama-2-13b");
const llama13b = {
  ...shapeLayers(shape),
  tensors: tensorTable(shape).map(({ name, dims }) => ({
    name,
    dims,
    bytes: (elementsOf(dims) * 18) / 32,
  })),
};
const settings = { nPrompt: 512, nDepth: 0, nBatch: 2048, nUbatch: 512 };
const work = (quantization: string, rest = {}) =>
  prefillWork(llama13b, quantization, { ...settings, ...rest });

function from(measured: readonly CaseRecord[]) {
  const source = { datasheet: unknownDatasheet("cuda"), measured, published: [] };
  return prefillModel(source, decodeModel(source));
}

const pp = { n_prompt: 512 };
const rows = [
  row("llama-2-7b", "q4_0", pp, 5000),
  row("llama-2-7b", "f16", pp, 7000),
  row("llama-2-7b", "q4_0", { n_gen: 128 }, 150),
  row("llama-2-7b", "f16", { n_gen: 128 }, 61),
];

describe("prefillModel", () => {
  it("goes by the work of the shape: a model twice as large is about half as fast", () => {
    const predicted = from(rows)?.predict(work("q4_0"));
    expect(predicted?.basis).toBe("measured here");
    expect(predicted?.pp_ts).toBeGreaterThan(5000 / 2.1);
    expect(predicted?.pp_ts).toBeLessThan(5000 / 1.5);
  });

  it("takes a quantization that no row has for like ones: floats for floats, blocks for blocks", () => {
    const model = from(rows);
    expect(model?.predict(work("q8_0")).pp_ts).toBeCloseTo(
      model?.predict(work("q4_0")).pp_ts ?? 0,
      6,
    );
    expect(model?.predict(work("bf16")).pp_ts).toBeCloseTo(
      model?.predict(work("f16")).pp_ts ?? 0,
      6,
    );
  });

  it("is slower at depth, and no faster than the weights are read for each ubatch", () => {
    const model = from(rows);
    const plain = model?.predict(work("q4_0")).pp_ts ?? 0;
    expect(model?.predict(work("q4_0", { nDepth: 8192 })).pp_ts).toBeLessThan(plain);
    // A ubatch of one token is decode.
    const single = model?.predict(work("q4_0", { nUbatch: 1 })).pp_ts ?? 0;
    expect(single).toBeLessThan(100);
  });

  it("has too little data without a row of pp or a compute rate", () => {
    expect(from(rows.filter(({ workload }) => workload.kind === "generate"))).toBeNull();
  });

  it("leaves out each model and quantization in turn to say how good it is", () => {
    expect(from(rows)?.leaveOneOut?.parts).toBe(2);
    expect(from(rows.slice(0, 1))?.leaveOneOut).toBeNull();
  });
});
