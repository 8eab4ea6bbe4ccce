/** What was published of a case, as a record. */
import { contextTokens, ownMetric, toldLaunches, unknownCase } from "../../dist/maintenance.js";

/** llama.cpp pads a context to so many tokens. */
const contextStep = 256;

/**
 * Parts that aren't told are unknown. All layers are on the GPU, and the cache is f16, unless the settings say otherwise;
 * bytes of the KV cache follow from the context.
 *
 * @param parts of the record; `entry` is the model's in models.csv, `end` what came of it, `date` the month or the year of
 *   publication as far as it is known.
 */
export function published({ machine, engine, model, entry, settings = {}, workload, ...rest }) {
  const { memory = {}, fit = {}, warnings = [], end, source, date = null } = rest;
  const nCtx = settings.nCtx ?? Math.ceil(contextTokens(workload) / contextStep) * contextStep;
  return {
    ...unknownCase,
    id: "",
    runId: "published",
    machine: { ...unknownCase.machine, ...machine },
    engine: { name: "llama.cpp", version: null, commit: null, ...engine },
    model: { ...unknownCase.model, weights: "real", ...model },
    settings: {
      ...unknownCase.settings,
      gpuLayers: model.nLayers + 1,
      typeK: "f16",
      typeV: "f16",
      ...settings,
      nCtx,
    },
    workload,
    fit: { ...unknownCase.fit, ...fit },
    memory: {
      ...unknownCase.memory,
      weightsBytes: model.bytes,
      kvBytes: entry.kvBytesAt(nCtx),
      ...(entry.stateBytes ? { stateBytes: entry.stateBytes } : {}),
      ...memory,
    },
    warnings,
    testTime: date,
    source,
    ...end,
  };
}

/** @param told of the summary: the mean at least. */
export function measured(workload, told) {
  const summary = { ...unknownCase.summary, metric: ownMetric(workload), ...told };
  return { status: "measured", launches: toldLaunches(summary), summary };
}
