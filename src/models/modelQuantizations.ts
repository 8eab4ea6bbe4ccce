/** Which quantizations of a model a run measures. */
import { LlmbenchError } from "../errors.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import type { RunSettings } from "../suite/settings.ts";
import { isRemote } from "./hub/remoteSpec.ts";
import type { ResolvedModel } from "./resolveModel.ts";

/**
 * A described model is measured at each that was asked for, a file at its own (null where llmbench has no name for it).
 *
 * @throws LlmbenchError `usage` where another than the file's was asked for.
 */
export function modelQuantizations(
  model: ResolvedModel,
  { quantizations, quantizationsAsked }: Pick<RunSettings, "quantizations" | "quantizationsAsked">,
): readonly (Quantization | null)[] {
  if (model.kind !== "file") return quantizations;
  // Of a repository's many the one was chosen by its spec; the others have specs of their own.
  const chosen = isRemote(model.spec) && quantizations.some((name) => name === model.quantization);
  if (chosen) return [model.quantization];
  const other = quantizations.find((name) => name !== model.quantization);
  if (quantizationsAsked && other !== undefined) {
    throw new LlmbenchError(
      "usage",
      `--quant ${other}: ${model.spec} is ${model.quantization ?? "of another type"}, and a file has one; leave --quant out`,
    );
  }
  return [model.quantization];
}
