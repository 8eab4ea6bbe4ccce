/** Which processors computed a measured case. */
import { heldOnHost } from "../bench/hostTensors.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";

/** The better a case uses the machine, the higher. */
const ranks = { gpu: 3, "gpu+cpu": 2, cpu: 1 } as const;

/** `gpu`: all layers on GPUs; `gpu+cpu`: some of them on the CPU; `cpu`: all. */
export type Processors = keyof typeof ranks;

/** llama-bench's users write 99 for "all"; no model here has as many layers left over. */
const asGoodAsAll = 99;

/** Null where the case doesn't tell, or nothing was computed. */
export function processorsOf(record: CaseRecord): Processors | null {
  if (!isMeasured(record)) return null;
  const { gpuLayers, nCpuMoe, devices } = record.settings;
  const { nLayers } = record.model;
  if (record.engine.backend === "cpu" || gpuLayers === 0 || devices === "none") return "cpu";
  if (gpuLayers === null) return null;
  if ((nCpuMoe ?? 0) > 0 || holdsOnHost(record)) return "gpu+cpu";
  if (layersOnGpu(gpuLayers, nLayers) === allLayers(nLayers)) return "gpu";
  return nLayers === null ? null : "gpu+cpu";
}

/** Tensors placed by name, experts most often. */
function holdsOnHost({ model, settings: { tensorOverrides } }: CaseRecord): boolean {
  if (tensorOverrides === null) return false;
  const { layers, output } = heldOnHost(tensorOverrides, model);
  return layers > 0 || output;
}

/** The output layer counts as one (llama.cpp's n_layers + 1). */
function allLayers(nLayers: number | null): number {
  return nLayers === null ? asGoodAsAll : nLayers + 1;
}

/** What `asked` comes to: -1 and 99 are all that there are. */
export function layersOnGpu(asked: number, nLayers: number | null): number {
  const all = allLayers(nLayers);
  return asked < 0 ? all : Math.min(asked, all);
}

/** Measured, and wholly there as far as the case tells. */
export function isOnGpu(record: CaseRecord): boolean {
  return processorsRank(record) === ranks.gpu;
}

/** Orders cases of one model and test by how well they use the machine; 0 for what wasn't measured. */
export function processorsRank(record: CaseRecord): number {
  if (!isMeasured(record)) return 0;
  const processors = processorsOf(record);
  return processors === null ? ranks.gpu : ranks[processors];
}

/** The measured cases that used the machine best: on the GPU before the CPU. */
export function bestProcessed(records: readonly CaseRecord[]): MeasuredRecord[] {
  const measured = records.filter(isMeasured);
  const best = measured.reduce((most, record) => Math.max(most, processorsRank(record)), 0);
  return measured.filter((record) => processorsRank(record) === best);
}
