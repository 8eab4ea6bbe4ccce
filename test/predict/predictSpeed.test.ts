import { describe, expect, it } from "vitest";
import { findMachines } from "../../src/machine/machineCatalogue.ts";
import { unknownDatasheet } from "../../src/predict/datasheet.ts";
import { decodeWorkOf } from "../../src/predict/decodeWork.ts";
import {
  describedSource,
  predictSpeed,
  prefillWorkOf,
  speedModels,
  type SpeedQuestion,
} from "../../src/predict/predictSpeed.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { modelNamed, usualQuestion } from "./usualQuestion.ts";

function question(name: string, rest: Partial<SpeedQuestion> = {}): SpeedQuestion {
  const model = modelNamed(name);
  return {
    model,
    quantization: "q4_0",
    ...usualQuestion,
    nGpuLayers: model.placedLayers + 1,
    ...rest,
  };
}

function on(id: string) {
  const [machine] = findMachines(id);
  if (machine === undefined) throw new Error(`no machine ${id}`);
  return speedModels(describedSource(machine, publishedResults()));
}

describe("predictSpeed", () => {
  it("gives back what is published of the same machine and model", () => {
    const mac = predictSpeed(question("7b"), on("m3-max-40c-64gb"));
    expect(mac?.basis).toBe("published");
    expect(mac?.tg_ts).toBeGreaterThan(66.3 * 0.9);
    expect(mac?.tg_ts).toBeLessThan(66.3 * 1.1);
    expect(mac?.pp_ts).toBeGreaterThan(760 * 0.85);
    expect(mac?.pp_ts).toBeLessThan(760 * 1.15);
    const card = predictSpeed(question("7b"), on("rtx-4090-24gb"));
    expect(card?.tg_ts).toBeGreaterThan(186 * 0.9);
    expect(card?.tg_ts).toBeLessThan(186 * 1.1);
  });

  it("predicts each machine that llmbench knows", () => {
    for (const id of ["m5-max-40c-128gb", "rtx-5080-16gb", "h200-141gb", "rtx-4060-laptop-8gb"]) {
      const predicted = predictSpeed(question("8b"), on(id));
      expect(predicted?.basis).toBe("datasheet");
      expect(predicted?.low).toBeLessThan(predicted?.tg_ts ?? 0);
      expect(predicted?.high).toBeGreaterThan(predicted?.tg_ts ?? 0);
    }
  });

  it("is slower at depth, with layers on the host, and for a larger model", () => {
    const models = on("rtx-4090-24gb");
    const speeds = [
      question("7b"),
      question("7b", { nDepth: 16384 }),
      question("7b", { nGpuLayers: 20 }),
      question("7b", { nGpuLayers: 0 }),
      question("13b", { nGpuLayers: 0 }),
    ].map((one) => predictSpeed(one, models));
    const tg = speeds.map((one) => one?.tg_ts ?? 0);
    expect(tg).toEqual(tg.toSorted((a, b) => b - a));
    const pp = speeds.map((one) => one?.pp_ts ?? 0);
    expect(pp[1]).toBeLessThan(pp[0] ?? 0);
    expect(pp[3]).toBeLessThan(pp[2] ?? 0);
  });

  it("says nothing of a machine of which nothing is known", () => {
    const unknown = speedModels({
      datasheet: unknownDatasheet("cpu"),
      measured: [],
      published: [],
    });
    expect(predictSpeed(question("7b"), unknown)).toBeNull();
  });
});

describe("the work of a question", () => {
  it("counts the output layer to the device before any other, and the embeddings to neither", () => {
    const output = (4096 * 32000 * 18) / 32;
    const all = decodeWorkOf(question("7b", { nGpuLayers: 0 }), false);
    const none = decodeWorkOf(question("7b"), false);
    const outputOnly = decodeWorkOf(question("7b", { nGpuLayers: 1 }), false);
    expect(none.hostBytes).toBe(0);
    expect(all.hostBytes).toBe(all.weightsBytesRead + all.kvBytesRead);
    expect((all.hostBytes ?? 0) - (outputOnly.hostBytes ?? 0)).toBeCloseTo(output + 4 * 4096, -1);
  });

  it("has all on the device where the CPU is the device", () => {
    expect(decodeWorkOf(question("7b", { nGpuLayers: 0 }), true).hostBytes).toBe(0);
  });

  it("reads the KV cache in blocks of 256 cells, in its own type", () => {
    const perToken = 2 * 32 * 4096;
    expect(decodeWorkOf(question("7b"), false).kvBytesRead).toBe(perToken * 2 * 256);
    const atDepth = decodeWorkOf(
      question("7b", { nDepth: 4096, typeK: "q8_0", typeV: "q8_0" }),
      false,
    );
    expect(atDepth.kvBytesRead).toBe(perToken * (34 / 32) * 4352);
  });

  it("splits prompts into ubatches, and looks over more context at depth", () => {
    const short = prefillWorkOf(question("7b", { nPrompt: 1300 }), false);
    expect(short.nUbatches).toBe(3);
    const deep = prefillWorkOf(question("7b", { nPrompt: 1300, nDepth: 8192 }), false);
    expect(deep.matrixOperations).toBe(short.matrixOperations);
    expect(deep.attentionOperations).toBeGreaterThan(8 * short.attentionOperations);
    // 2 × 6.48e9 parameters of the layers × 1300 tokens.
    expect(short.matrixOperations / (2 * 6.476e9 * 1300)).toBeCloseTo(1, 3);
  });
});
