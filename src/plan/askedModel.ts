/** The models of a run, each resolved once: what is typed from here on. */
import type { Quantization } from "../gguf/quantizations.ts";
import { modelQuantizations } from "../models/modelQuantizations.ts";
import type { ResolvedModel } from "../models/resolveModel.ts";
import { resolveForWeights } from "../models/resolveRemoteModel.ts";
import type { RunSettings } from "../suite/settings.ts";

export interface AskedModel {
  readonly model: ResolvedModel;
  /** Null of a file whose types llmbench has no name for. */
  readonly quantizations: readonly (Quantization | null)[];
}

type Asking = Pick<RunSettings, "weights" | "quantizations" | "quantizationsAsked">;

/** @throws {LlmbenchError} for what is no model, and for another quantization than a file's. */
export async function askedModel(
  spec: string,
  asking: Asking,
  cacheDir: string,
): Promise<AskedModel> {
  const model = await resolveForWeights(spec, asking.weights, cacheDir);
  const remote = model.kind === "file" && model.remote !== null;
  // A remote file was chosen by its quantization, which is its own then.
  const quantizations = remote ? [model.quantization] : modelQuantizations(model, asking);
  return { model, quantizations };
}
