/** Which part of what the machine can do a measured case reached: of its types' `read` in decode, of `matmul` in prefill and training. */
import { sumOf } from "../base/sumOf.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";
import type { TrainWorkload } from "../bench/workload.ts";
import type { MemoryModel } from "../fit/memoryModel.ts";
import { RoofsAt, theHost, type Roof, type RoofPlace } from "./roofs.ts";
import type { ByType } from "./typeRates.ts";
import { cacheableBytes, timedDecode, timedPrefill } from "./timedWork.ts";
import { sumByType } from "./workByType.ts";

/**
 * Of a case's time, what the roofs alone would take, KV cache and attention included. Null of other tests, where a model is
 * spread over devices and host, where several devices may have worked at once, and where no roof of its types is known.
 * @param model whose tensors' types are known
 * @param device the engine's first GPU, which a model is trained on; null where it has none
 */
export function shareOfRoof(
  record: CaseRecord,
  model: MemoryModel | null,
  roofs: readonly Roof[],
  device: string | null,
): number | null {
  if (!isMeasured(record)) return null;
  if (record.workload.kind === "train")
    return trainingShare(record, record.workload, roofs, device);
  const parts = partsOf(record);
  if (model === null || parts === null) return null;
  const all = parts.map(({ place, share }) => ({ at: new RoofsAt(roofs, place), share }));
  const decode = timedDecode(record, model);
  if (decode !== null) {
    const { bytesByType } = decode.work;
    if (bytesByType === undefined || model.loadedBytes < cacheableBytes) return null;
    return shareOf(decode.seconds, all, (at) => at.readSeconds(bytesByType));
  }
  const prefill = timedPrefill(record, model);
  if (prefill === null) return null;
  const { operationsByType, attentionOperations, nUbatches } = prefill.work;
  const { unmaskedOperations = attentionOperations } = prefill.work;
  // Each device works on another ubatch.
  if (operationsByType === undefined || (all.length > 1 && nUbatches > 1)) return null;
  const operations: ByType = sumByType([...operationsByType, ["f16", unmaskedOperations]]);
  return shareOf(prefill.seconds, all, (at) => at.multiplySeconds(operations));
}

/** Of training by its operations, as its formula counts them; a type that nobody multiplied has no roof. */
function trainingShare(
  { engine, settings, summary }: MeasuredRecord,
  { precision }: TrainWorkload,
  roofs: readonly Roof[],
  device: string | null,
): number | null {
  const { flops } = summary.readings;
  const onHost = engine.backend === "cpu" || settings.devices === "none";
  const place = onHost
    ? { device: theHost, nThreads: settings.nThreads }
    : { device: device ?? theHost, nThreads: null };
  if (flops === null || summary.meanNs === null) return null;
  const type = precision === "f16-pure" ? "f16" : precision;
  const least = new RoofsAt(roofs, place).multiplySeconds(new Map([[type, flops]]));
  return least === null ? null : least / (summary.meanNs / 1e9);
}

/** Where a part of a model's layers lies, which a token goes through after the others. */
interface Part {
  readonly place: RoofPlace;
  readonly share: number;
}

/** Wholly on the host, or wholly on devices, each with the share of the weights that llama.cpp put there; else null. */
function partsOf({ engine, settings, model, buffers }: CaseRecord): readonly Part[] | null {
  const { gpuLayers, devices, nCpuMoe, tensorOverrides, noKvOffload, nThreads } = settings;
  if (engine.backend === "cpu" || devices === "none" || gpuLayers === 0)
    return [{ place: { device: theHost, nThreads }, share: 1 }];
  const whole = gpuLayers !== null && model.nLayers !== null && gpuLayers > model.nLayers;
  if (!whole || (nCpuMoe ?? 0) > 0 || tensorOverrides !== null || noKvOffload === true) return null;
  const holding = buffers.filter(
    ({ device, weightsBytes }) => device !== theHost && weightsBytes > 0,
  );
  if (holding.length === 0) return null;
  const held = sumOf(holding, ({ weightsBytes }) => weightsBytes);
  return holding.map(({ device, weightsBytes }) => ({
    place: { device, nThreads: null },
    share: weightsBytes / held,
  }));
}

function shareOf(
  seconds: number,
  parts: readonly { readonly at: RoofsAt; readonly share: number }[],
  secondsOfAll: (at: RoofsAt) => number | null,
): number | null {
  let least = 0;
  for (const { at, share } of parts) {
    const own = secondsOfAll(at);
    if (own === null) return null;
    least += share * own;
  }
  return least / seconds;
}
