/** 70B on a 24 GB card: what two memories allow, and claims that exceed it. */
import { describe, expect, it } from "vitest";
import { findMachines } from "../../src/machine/machineCatalogue.ts";
import { datasheetOf } from "../../src/predict/datasheet.ts";
import { decodeModel } from "../../src/predict/decodeModel.ts";
import type { DecodeWork } from "../../src/predict/decodeWork.ts";
import { modelOfRecord } from "../../src/predict/modelOfRecord.ts";
import { decodeDoubts } from "../../src/predict/plausibility.ts";
import { describedSource, predictSpeed, speedModels } from "../../src/predict/predictSpeed.ts";
import { speedOf, timedDecode } from "../../src/predict/timedWork.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { usualQuestion } from "./usualQuestion.ts";

const [machine] = findMachines("rtx-4090-24gb");
if (machine === undefined) throw new Error("no machine rtx-4090-24gb");
const datasheet = datasheetOf(machine);

const MiB = 2 ** 20;

/** Llama 2 70B Q4_K_M: 39503.23 MiB of tensors, of which embeddings are read row by row. */
const outputBytes = (8192 * 32000 * 210) / 256;
const weightsBytesRead = 39503.23 * MiB - (8192 * 32000 * 144) / 256;

/** Bytes per token that lie in host memory when the last `nGpuLayers` are on the device (n_layers + 1 is all). */
function hostBytesRead(
  { nLayers, weightsBytesRead: weights, kvBytesRead }: DecodeWork,
  nGpuLayers: number,
  output: number,
): number {
  if (nGpuLayers > nLayers) return 0;
  const layers = nLayers - Math.max(0, nGpuLayers - 1);
  const share = layers / nLayers;
  return (weights - output) * share + kvBytesRead * share + (nGpuLayers === 0 ? output : 0);
}

function withLayers(nGpuLayers: number): DecodeWork {
  const whole = { nLayers: 80, weightsBytesRead, kvBytesRead: 327_680 * 256 };
  return { ...whole, hostBytes: hostBytesRead(whole, nGpuLayers, outputBytes) };
}

/** The most that 24 GiB hold beside half a GiB of buffers and what the driver keeps. */
const mostLayers =
  Math.floor((23.2 * 1024 * MiB - 0.5 * 1024 * MiB - outputBytes) / (weightsBytesRead / 80)) + 1;

describe("70B Q4_K_M on 24 GB beside two channels of DDR5", () => {
  const rows = publishedResults();
  const sources = {
    published: describedSource(machine, rows),
    datasheet: { datasheet, measured: [], published: [] },
  };

  it.each(["published", "datasheet"] as const)(
    "is never above what both buses allow (%s)",
    (basis) => {
      const model = decodeModel(sources[basis]);
      for (let layers = 0; layers <= mostLayers; layers++) {
        const predicted = model?.predict(withLayers(layers));
        expect(predicted?.high).toBeLessThan(4.8);
        expect(predicted?.tg_ts).toBeLessThan(4.5);
        expect(predicted?.low).toBeGreaterThan(1);
      }
    },
  );

  it.each([8, 14.8, 17.79])("makes a claim of %s t/s doubtful", (claim) => {
    const doubts = decodeDoubts(claim, withLayers(mostLayers), datasheet, null);
    expect(doubts.map(({ kind }) => kind)).toEqual(["beats_bandwidth"]);
    expect(doubts[0]?.text).toMatch(/^[\d.]+ t\/s is more than the 4\.\d t\/s that/);
  });

  it("finds 2.1 t/s, told of memory that spilled, too slow", () => {
    const prediction = decodeModel(sources.published)?.predict(withLayers(mostLayers)) ?? null;
    const doubts = decodeDoubts(2.1, withLayers(mostLayers), datasheet, prediction);
    expect(doubts.map(({ kind }) => kind)).toEqual(["far_below_prediction"]);
    expect(decodeDoubts(3, withLayers(mostLayers), datasheet, prediction)).toEqual([]);
  });
});

it("measured partial offload is within the stated range, and doubted nowhere", () => {
  const rows = publishedResults();
  const measured = rows.filter(
    (record) =>
      record.machine.name === "rtx-4090-24gb" &&
      record.status === "measured" &&
      record.workload.kind === "generate" &&
      (record.settings.gpuLayers ?? 99) <= (record.model.nLayers ?? 0),
  );
  const full = rows.filter(
    ({ settings, model }) => (settings.gpuLayers ?? 0) > (model.nLayers ?? 0),
  );
  const source = describedSource(machine, full);
  // That host has eight channels of DDR4-3200.
  const epyc = { ...datasheet, hostBandwidthBytesPerSecond: 204.8e9 };
  const { decode } = speedModels({ ...source, datasheet: epyc });
  expect(measured.length).toBe(3);
  for (const record of measured) {
    const work = timedDecode(record)?.work;
    const speed = speedOf(record);
    if (work === undefined || speed === null) throw new Error("no work");
    const predicted = decode?.predict(work) ?? null;
    expect(speed).toBeGreaterThan(predicted?.low ?? 99);
    expect(speed).toBeLessThan(predicted?.high ?? 0);
    expect(decodeDoubts(speed, work, epyc, predicted)).toEqual([]);
  }
});

it("a prompt of which a tenth lies beside the card is read as fast as was measured", () => {
  const record = publishedResults().find(
    ({ machine: { name }, workload, settings, model }) =>
      name === "rtx-4090-24gb" &&
      workload.kind === "prompt" &&
      (settings.gpuLayers ?? 99) <= (model.nLayers ?? 0),
  );
  const model = record && modelOfRecord(record);
  const speed = record && speedOf(record);
  if (!record || !model || !speed) throw new Error("no published prompt with layers on the host");
  const models = speedModels({ datasheet, measured: [], published: [] });
  const predicted = predictSpeed(
    {
      model,
      quantization: record.model.quantization,
      ...usualQuestion,
      nGpuLayers: record.settings.gpuLayers ?? 0,
      nPrompt: 8192,
    },
    models,
  );
  expect(predicted?.prefill?.low).toBeLessThan(speed);
  expect(predicted?.prefill?.high).toBeGreaterThan(speed);
});
