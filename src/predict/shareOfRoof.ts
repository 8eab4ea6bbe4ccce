/** Which part of what the machine can do a measured case reached: of its types' `read` in decode, of `matmul` in prefill. */
import { isMeasured, type CaseRecord } from "../bench/record.ts";
import type { MemoryModel } from "../fit/memoryModel.ts";
import { timedDecode, timedPrefill } from "./timedWork.ts";
import { RoofsAt, theHost, type Roof, type RoofPlace } from "./roofs.ts";
import { workByType } from "./workByType.ts";

/**
 * Seconds that the roofs alone would take, of those that were measured; KV cache and attention included. Null of other
 * tests, where a model is spread over devices and host, and where no roof of its types is known.
 * @param model whose tensors' types are known
 * @param device the engine's first GPU; null where it has none
 */
export function shareOfRoof(
  record: CaseRecord,
  model: MemoryModel | null,
  roofs: readonly Roof[],
  device: string | null,
): number | null {
  if (model === null || !isMeasured(record)) return null;
  const place = placeOf(record, device);
  if (place === null) return null;
  const at = new RoofsAt(roofs, place);
  const decode = timedDecode(record);
  if (decode !== null) {
    const { work, seconds } = decode;
    const least = decodeRoofSeconds(model, at, work.kvBytesRead, record.settings.typeK ?? "f16");
    return least === null ? null : least / seconds;
  }
  const prefill = timedPrefill(record);
  if (prefill === null) return null;
  const { work, seconds } = prefill;
  const least = prefillRoofSeconds(model, at, work);
  return least === null ? null : least / seconds;
}

/** Wholly on the host, or wholly on devices alike. */
function placeOf({ engine, settings, model }: CaseRecord, device: string | null): RoofPlace | null {
  const { gpuLayers, devices, nCpuMoe, tensorOverrides, noKvOffload } = settings;
  if (engine.backend === "cpu" || devices === "none" || gpuLayers === 0)
    return { device: theHost, nThreads: settings.nThreads };
  const whole = gpuLayers !== null && model.nLayers !== null && gpuLayers > model.nLayers;
  if (!whole || (nCpuMoe ?? 0) > 0 || tensorOverrides !== null || noKvOffload === true) return null;
  const name = devices?.split("/")[0] ?? device;
  return name === null ? null : { device: name, nThreads: null };
}

function decodeRoofSeconds(
  model: MemoryModel,
  at: RoofsAt,
  kvBytes: number,
  kvType: string,
): number | null {
  const bytes = workByType(model)?.bytes;
  if (bytes === undefined) return null;
  const all = new Map(bytes);
  all.set(kvType, (all.get(kvType) ?? 0) + kvBytes);
  return at.readSeconds(all);
}

interface Prompt {
  readonly nPrompt: number;
  readonly attentionOperations: number;
}

function prefillRoofSeconds(
  model: MemoryModel,
  at: RoofsAt,
  { nPrompt, attentionOperations }: Prompt,
): number | null {
  const operations = workByType(model)?.operations;
  if (operations === undefined) return null;
  const all = new Map([...operations].map(([type, each]) => [type, each * nPrompt] as const));
  all.set("f16", (all.get("f16") ?? 0) + attentionOperations);
  return at.multiplySeconds(all);
}
