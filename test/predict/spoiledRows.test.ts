import { describe, expect, it } from "vitest";
import { unknownDatasheet } from "../../src/predict/datasheet.ts";
import { decodeModel } from "../../src/predict/decodeModel.ts";
import { row } from "./rows.ts";

const tg = { n_gen: 128 };
const datasheet = unknownDatasheet("cpu");
const onCpu = { backend: "cpu", n_gpu_layers: 0 } as const;
const work = { nLayers: 32, weightsBytesRead: 3.7e9, kvBytesRead: 0 };
const sound = row("llama-2-7b", "q4_0", tg, 7, onCpu);
const held = row("llama-2-7b", "q4_0", tg, 0.4, { ...onCpu, warnings: ["other_load"] });

describe("rows that something spoiled", () => {
  it("predict nothing beside sound ones", () => {
    const model = decodeModel({ datasheet, measured: [sound, held], published: [] });
    expect(model?.predict(work).tg_ts).toBeGreaterThan(6);
  });

  it("predict nothing beside published ones", () => {
    const model = decodeModel({ datasheet, measured: [held], published: [[sound]] });
    expect(model?.basis).toBe("published");
    expect(model?.predict(work).tg_ts).toBeGreaterThan(6);
  });

  it("alone say at least so much, and leave open all that memory allows", () => {
    const predicted = decodeModel({ datasheet, measured: [held], published: [] })?.predict(work);
    expect(predicted?.basis).toBe("measured here");
    expect(predicted?.low).toBeLessThan(0.4);
    expect(predicted?.high).toBeGreaterThan(7);
  });
});
