/**
 * Asks llama.cpp which type it would give each tensor: a dry run of `llama_model_quantize`, whose log names tensor and
 * type. The parent reads the log (`quantizationLog.ts`).
 */
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { TensorTypesRequest } from "./protocol.ts";

/** @throws {EngineFailure} at `load`. */
export function logTensorTypes({ api }: Engine, request: TensorTypesRequest): void {
  const params = { ...api.quantizeDefaultParams(), ftype: request.ftype, dry_run: true };
  const status = api.quantize(request.path, `${request.path}.never-written`, params);
  if (status !== 0) throw new EngineFailure("load", "llama.cpp refused the dry run");
}
