import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../src/bench/record.ts";
import { findMachines } from "../../src/machine/machineCatalogue.ts";
import { datasheetOf, unknownDatasheet, type Datasheet } from "../../src/predict/datasheet.ts";
import { decodeModel } from "../../src/predict/decodeModel.ts";
import { llama2Bytes, row } from "./rows.ts";

function sheet(id: string): Datasheet {
  const [machine] = findMachines(id);
  if (machine === undefined) throw new Error(`no machine ${id}`);
  return datasheetOf(machine);
}

const from = (measured: readonly CaseRecord[], datasheet = unknownDatasheet("cuda")) =>
  decodeModel({ datasheet, measured, published: [] });

const tg = { n_gen: 128 };
/** Speeds that 60 µs a layer and 900 GB/s give. */
const exact = (bytes: number, layers: number) => 1 / (60e-6 * layers + bytes / 900e9);
const work = { nLayers: 80, weightsBytesRead: 40e9, kvBytesRead: 0 };

describe("decodeModel", () => {
  it("tells layers and bytes apart by two quantizations of one model", () => {
    // Published of an RTX 4090 (build 1620): 149.4, 60.8, and 88.6 t/s of 13B Q4_0, which is to be predicted.
    const measured = [row("llama-2-7b", "q4_0", tg, 149.4), row("llama-2-7b", "f16", tg, 60.8)];
    const model = from(measured);
    const bytes = llama2Bytes["13b q4_0"] * (1 - (5120 * 32000) / 13015864320);
    const predicted = model?.predict({ nLayers: 40, weightsBytesRead: bytes, kvBytesRead: 0.21e9 });
    expect(predicted?.basis).toBe("measured here");
    expect(predicted?.tg_ts).toBeGreaterThan(88.6 * 0.97);
    expect(predicted?.tg_ts).toBeLessThan(88.6 * 1.03);
  });

  it("takes the datasheet where there are no rows, with a wider range", () => {
    const datasheet = from([], sheet("rtx-4090-24gb"))?.predict(work);
    expect(datasheet?.basis).toBe("datasheet");
    expect(datasheet?.tg_ts).toBeGreaterThan(18);
    expect(datasheet?.tg_ts).toBeLessThan(25);
    const measured = from([row("llama-2-7b", "q4_0", tg, 149.4)], sheet("rtx-4090-24gb"))?.predict(
      work,
    );
    const width = (one = datasheet) => (one?.high ?? 0) / (one?.low ?? 1);
    expect(width()).toBeGreaterThan(width(measured));
  });

  it("says nothing of a machine of which nothing is known", () => {
    expect(from([])).toBeNull();
    expect(from([row("llama-2-7b", "q4_0", tg, 2, { n_gpu_layers: 0 })])).toBeNull();
    expect(from([row("llama-2-7b", "q4_0", { n_prompt: 512 }, 9000)])).toBeNull();
    expect(from([row("llama-2-7b", "q4_0", tg, 140, { status: "failed" })])).toBeNull();
  });

  it("leaves out each model and quantization in turn to say how good it is", () => {
    const rows = [
      row("llama-2-7b", "q4_0", tg, exact(3.77e9, 32)),
      row("llama-2-7b", "q8_0", tg, exact(7.05e9, 32)),
      row("llama-2-7b", "f16", tg, exact(13.2e9, 32)),
    ];
    expect(from(rows)?.leaveOneOut?.parts).toBe(3);
    expect(from(rows)?.leaveOneOut?.largestError).toBeLessThan(0.03);
    expect(from(rows.slice(0, 1))?.leaveOneOut).toBeNull();
  });

  it("is slower at depth, by the bytes of the KV cache", () => {
    const model = from([], sheet("m3-max-40c-64gb"));
    const speeds = [0, 1e9, 4e9].map(
      (kvBytesRead) => model?.predict({ ...work, kvBytesRead }).tg_ts,
    );
    expect(speeds).toEqual(speeds.toSorted((a, b) => (b ?? 0) - (a ?? 0)));
    expect(new Set(speeds).size).toBe(3);
  });

  it("reads the host's part at the host's bandwidth, and stands on the datasheet there", () => {
    const rows = [row("llama-2-7b", "q4_0", tg, 149.4), row("llama-2-7b", "f16", tg, 60.8)];
    const model = from(rows, sheet("rtx-4090-24gb"));
    const half = model?.predict({ ...work, hostBytes: 20e9 });
    expect(half?.basis).toBe("datasheet");
    expect(half?.high).toBeLessThanOrEqual(1 / (20e9 / 89.6e9 + 20e9 / 1008e9));
    expect(half?.tg_ts).toBeLessThan((model?.predict(work).tg_ts ?? 0) / 4);
  });

  it("learns the host's bandwidth from rows with layers there", () => {
    const datasheet = sheet("rtx-4090-24gb");
    const slowHost = [0, 16].map((layers) =>
      row("llama-2-7b", "q4_0", tg, layers === 0 ? 7 : 13, { n_gpu_layers: layers }),
    );
    const rows = [row("llama-2-7b", "q4_0", tg, 149.4), ...slowHost];
    const model = from(rows, datasheet);
    expect(model?.hostBytesPerSecond).toBeLessThan(32e9);
    expect(model?.predict({ ...work, hostBytes: 20e9 }).basis).toBe("measured here");
  });

  it("never exceeds what the memories allow", () => {
    const tooFast = [row("llama-2-7b", "q4_0", tg, 900), row("llama-2-7b", "f16", tg, 500)];
    const predicted = from(tooFast, sheet("rtx-4090-24gb"))?.predict(work);
    expect(predicted?.high).toBeLessThanOrEqual(1008e9 / 40e9);
  });

  it("takes what older builds tell, and lets the newest decide", () => {
    const older = [row("llama-2-7b", "q4_0", tg, 149.4), row("llama-2-7b", "f16", tg, 60.8)];
    const newer = [row("llama-2-7b", "q4_0", tg, 186.2)];
    const datasheet = sheet("rtx-4090-24gb");
    const model = decodeModel({ datasheet, measured: [], published: [older, newer] });
    expect(model?.basis).toBe("published");
    const again = model?.predict({ nLayers: 32, weightsBytesRead: 3.76e9, kvBytesRead: 0.13e9 });
    expect(again?.tg_ts).toBeGreaterThan(175);
    expect(again?.tg_ts).toBeLessThan(190);
  });

  it("learns nothing from weights that caches hold, and from layers split by row", () => {
    const toy = row("llama-2-7b", "q4_0", tg, 7000, { weights_bytes: 5e6 });
    const byRow = row("llama-2-7b", "q4_0", tg, 60, { n_devices: 2, split_mode: "row" });
    expect(from([toy])).toBeNull();
    expect(from([byRow])).toBeNull();
  });
});
