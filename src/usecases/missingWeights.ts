/** Real weights that a run asks for and that aren't on disk. */
import { cacheFolder } from "../base/cacheFolder.ts";
import { isRemote, parseRemoteSpec } from "../models/hub/remoteSpec.ts";
import { localCopy } from "../models/local/localCopy.ts";
import { findLocal } from "../models/local/localModels.ts";
import type { ResolvedModel } from "../models/resolveModel.ts";
import { sourceSpec } from "../models/sourceSpec.ts";
import type { RunSettings } from "../suite/settings.ts";
import type { Wanted } from "./pull.ts";

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
 * Models that are named by where they are, and those of the catalogue under `--weights real`. Where all is on disk, or
 * nothing was asked for, there are none, and the network stays untouched.
 * @param here the models that are no remote ones, resolved
 */
export function missingWeights(
  specs: readonly string[],
  here: readonly ResolvedModel[],
  { weights, quantizations }: Pick<RunSettings, "weights" | "quantizations">,
): readonly Wanted[] {
  if (weights === "synthetic") return [];
  const cacheDir = cacheFolder();
  const remote = specs
    .filter((spec) => isRemote(spec) && localCopy(spec, null, cacheDir) === null)
    .map((spec) => ({ spec, quantization: null }));
  if (weights !== "real") return remote;
  const described = here.flatMap((model): readonly Wanted[] => {
    if (model.kind === "file") return [];
    return quantizations
      .filter((quantization) => findLocal(model.id, quantization, cacheDir) === null)
      .map((quantization) => ({ spec: sourceSpec(model.description), quantization }));
  });
  return [...described, ...remote];
}
