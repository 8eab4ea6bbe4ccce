/** Before a run: real weights that it asks for and that aren't on disk are pulled. */
import { cacheFolder } from "../models/cacheFolder.ts";
import { isRemote, parseRemoteSpec } from "../models/hub/remoteSpec.ts";
import { localCopy } from "../models/local/localCopy.ts";
import { findLocal, forgetLocal } from "../models/local/localModels.ts";
import { resolveModel } from "../models/resolveModel.ts";
import { sourceSpec } from "../models/sourceSpec.ts";
import type { GivenFlags, RunSettings } from "../suite/settings.ts";
import { createProgress, progressStyle } from "../ui/progress.ts";
import { stoppable } from "./interruption.ts";
import type { Wanted } from "./pullModels.ts";

/**
 * A repository that was named without a quantization, beside `--quant`, is one model for each.
 *
 * @throws LlmbenchError `usage` for what is no spec
 */
export function quantizedSpecs({
  models,
  quantizations,
  quantizationsAsked,
}: Pick<RunSettings, "models" | "quantizations" | "quantizationsAsked">): readonly string[] {
  return models.flatMap((spec) => {
    if (!isRemote(spec) || !quantizationsAsked) return [spec];
    const parsed = parseRemoteSpec(spec);
    const open = parsed.kind === "hub" && parsed.quantization === null && parsed.file === null;
    return open ? quantizations.map((name) => `hf:${parsed.repo}:${name}`) : [spec];
  });
}

/**
 * Downloads what was asked for: models named by where they are, and those of the catalogue under `--weights real`.
 * Where all is on disk, or nothing was asked for, the network stays untouched.
 *
 * @throws LlmbenchError as pullModels does; the interruption's reason
 */
export async function haveWeights(settings: RunSettings, given: GivenFlags): Promise<void> {
  const wanted = missing(settings);
  if (wanted.length === 0) return;
  const { defaultParallel, pullModels } = await import("./pullModels.ts");
  const progress = createProgress(progressStyle(given.quiet === true));
  await stoppable(async (signal) => {
    const parallel = defaultParallel;
    try {
      await pullModels(wanted, { parallel, yes: given.yes === true, signal, progress });
      signal.throwIfAborted();
    } catch (error) {
      if (!signal.aborted) throw error;
      progress.warn("interrupted: what came so far is kept; the same command goes on with it");
      throw signal.reason;
    }
  });
  forgetLocal();
}

function missing({ models, weights, quantizations }: RunSettings): readonly Wanted[] {
  if (weights === "synthetic") return [];
  const cacheDir = cacheFolder();
  return models.flatMap((spec): readonly Wanted[] => {
    if (isRemote(spec)) {
      return localCopy(spec, null, cacheDir) === null ? [{ spec, quantization: null }] : [];
    }
    if (weights !== "real") return [];
    const model = resolveModel(spec);
    if (model.kind === "file") return [];
    return quantizations
      .filter((quantization) => findLocal(model.id, quantization, cacheDir) === null)
      .map((quantization) => ({ spec: sourceSpec(model.description), quantization }));
  });
}
