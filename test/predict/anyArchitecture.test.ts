/** Headers of every architecture that llama.cpp's own test writes: no model goes without a prediction. */
import { expect, it } from "vitest";
import { fileMemoryModel } from "../../src/fit/fileMemoryModel.ts";
import { shapeOf } from "../../src/gguf/shapeOfHeader.ts";
import { findMachines } from "../../src/machine/machineCatalogue.ts";
import { datasheetOf } from "../../src/predict/datasheet.ts";
import { predictSpeed, speedModels } from "../../src/predict/predictSpeed.ts";
import { answers, readArchitecture } from "../fit/architectures/headers.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { usualQuestion } from "./usualQuestion.ts";

const [machine] = findMachines("rtx-4090-24gb");
if (machine === undefined) throw new Error("no machine rtx-4090-24gb");
const models = speedModels({ datasheet: datasheetOf(machine), measured: [], published: [] });
const folder = temporaryFolder();
const files = [...new Set(answers.map(({ file }) => file))];

it.each(files)("%s: both speeds follow from the header, and the range holds them", (file) => {
  const gguf = readArchitecture(folder, file);
  const model = fileMemoryModel(gguf, shapeOf(gguf) ?? null);
  if (model === null) throw new Error(`no memory model of ${file}`);
  const predicted = predictSpeed(
    {
      model,
      quantization: null,
      ...usualQuestion,
    },
    models,
  );
  expect(predicted?.low).toBeGreaterThan(0);
  expect(predicted?.tg_ts).toBeGreaterThan(predicted?.low ?? Infinity);
  expect(predicted?.high).toBeGreaterThanOrEqual(predicted?.tg_ts ?? Infinity);
  expect(predicted?.pp_ts).toBeGreaterThan(0);
  expect(Number.isFinite(predicted?.pp_ts)).toBe(true);
});
