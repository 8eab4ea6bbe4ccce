import { describe, expect, it } from "vitest";
import { findMachines } from "../../src/machine/machineCatalogue.ts";
import { datasheetOf, unknownDatasheet } from "../../src/predict/datasheet.ts";
import { caseDoubts, decodeDoubts } from "../../src/predict/plausibility.ts";
import { row } from "./rows.ts";

const [machine] = findMachines("rtx-4090-24gb");
if (machine === undefined) throw new Error("no machine rtx-4090-24gb");
const datasheet = datasheetOf(machine);

const tg = { n_gen: 128 };
const measured = [
  row("llama-2-7b", "q4_0", tg, 186),
  row("llama-2-7b", "f16", tg, 66),
  row("llama-2-7b", "q8_0", tg, 115),
];
const source = { datasheet, measured, published: [] };

describe("caseDoubts", () => {
  it("has none of rows that agree with each other and with the datasheet", () => {
    expect(measured.flatMap((one) => caseDoubts(one, source))).toEqual([]);
  });

  it("doubts a row that beats the memory bandwidth", () => {
    const [doubt] = caseDoubts(row("llama-2-7b", "q4_0", tg, 310), source);
    expect(doubt?.kind).toBe("beats_bandwidth");
    expect(doubt?.text).toContain("310 t/s is more than the 259 t/s that memory allows");
  });

  it("doubts a row below half of what the others predict, and names the reasons it knows", () => {
    const slow = row("llama-2-7b", "q8_0", tg, 40);
    const others = measured.filter(({ model }) => model.quantization !== "q8_0");
    const own = { ...source, measured: [...others, slow] };
    const [doubt] = caseDoubts(slow, own, { onBattery: true, tight: true });
    expect(doubt?.kind).toBe("far_below_prediction");
    expect(doubt?.text).toMatch(/measured here\): on battery, the driver may have spilled/);
    expect(caseDoubts(slow, own)[0]?.text).toMatch(/another device than meant/);
  });

  it("doesn't judge a row by itself", () => {
    const alone = {
      datasheet: unknownDatasheet("cuda"),
      measured: [measured[0] ?? []].flat(),
      published: [],
    };
    expect(caseDoubts(row("llama-2-7b", "q4_0", tg, 3), alone)).toEqual([]);
  });

  it("knows that caches may hold a small model", () => {
    const work = { nLayers: 22, weightsBytesRead: 0.6e9, kvBytesRead: 0 };
    expect(decodeDoubts(5000, work, datasheet, null)).toEqual([]);
  });
});
