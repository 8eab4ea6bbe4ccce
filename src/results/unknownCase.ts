/** A case of which nothing is known, for those who know a little of one. */
import { noCaseReadings } from "../bench/readings.ts";
import type { CaseFacts } from "../bench/record.ts";
import type { Summary } from "../bench/summary.ts";

type Unknown = Pick<
  CaseFacts,
  | "fit"
  | "buffers"
  | "predictedTs"
  | "predictedLowTs"
  | "predictedHighTs"
  | "predictedBasis"
  | "shareOfRoof"
  | "seed"
  | "warnings"
  | "outputError"
  | "source"
> &
  Pick<CaseFacts, "llamaBench" | "machine" | "model" | "settings" | "memory"> & {
    readonly summary: Omit<Summary, "metric" | "mean">;
  };

export const unknownCase: Unknown = {
  machine: {
    name: "",
    model: null,
    os: null,
    driver: null,
    cpu: null,
    gpu: null,
    gpuCores: null,
    nDevices: null,
    ramBytes: null,
    gpuBudgetBytes: null,
    powerSource: null,
    powerMode: null,
    servers: null,
    ramGbps: null,
    ramSource: null,
  },
  model: {
    id: "",
    type: null,
    file: null,
    sha256: null,
    bytes: null,
    parameters: null,
    quantization: null,
    weights: null,
    headerOf: null,
    pageCache: null,
    nLayers: null,
  },
  settings: {
    gpuLayers: null,
    splitMode: null,
    mainGpu: null,
    devices: null,
    tensorSplit: null,
    tensorOverrides: null,
    nCpuMoe: null,
    noKvOffload: null,
    loadMode: null,
    nThreads: null,
    nBatch: null,
    nUbatch: null,
    nCtx: null,
    typeK: null,
    typeV: null,
    flashAttn: null,
    others: {},
  },
  fit: { atCase: null, useCtx: null, atUse: null, maxCtx: null, memoryBasis: null },
  memory: {
    weightsBytes: null,
    kvBytes: null,
    stateBytes: null,
    computeBytes: null,
    devicePredicted: null,
    deviceMeasured: null,
    hostPredicted: null,
    hostMeasured: null,
  },
  buffers: [],
  predictedTs: null,
  predictedLowTs: null,
  predictedHighTs: null,
  predictedBasis: null,
  shareOfRoof: null,
  seed: null,
  warnings: [],
  outputError: null,
  source: null,
  llamaBench: null,
  summary: {
    launches: null,
    repetitions: null,
    meanNs: null,
    sdNs: null,
    sd: null,
    median: null,
    mad: null,
    min: null,
    max: null,
    ci95: null,
    sdWithin: null,
    sdBetween: null,
    values: [],
    stoppedBy: null,
    sustained: null,
    tokenMs: { p50: null, p90: null, p99: null },
    readings: noCaseReadings,
  },
};
