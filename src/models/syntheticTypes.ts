/** Tensor types as llama.cpp named them once, kept by shape, quantization and engine: asking again needs a child. */
import { z } from "zod";
import { KeptAnswers } from "../base/keptAnswers.ts";
import { askAboutShape } from "../gguf/askTensorTypes.ts";
import type { AskTensorTypes } from "../gguf/askTensorTypes.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { mixOf, typesOfMix } from "../gguf/tensorMix.ts";
import type { TensorTypes } from "../gguf/tensorTable.ts";
import { tensorTypesFolder } from "../base/cacheFolder.ts";
import { catalogueMix } from "./catalogueMixes.ts";

export interface TensorTypesQuestion {
  readonly shape: ModelShape;
  readonly quantization: Quantization;
  readonly cacheDir: string;
  /** The package that carries llama.cpp, `node-llama-cpp 3.21.1`: another may choose other types. */
  readonly engineVersion: string;
  /** Called only where the answer is neither known of the catalogue nor kept yet. */
  readonly ask: AskTensorTypes;
}

/** The type of each tensor of the shape at this quantization. */
export async function tensorTypesOf(question: TensorTypesQuestion): Promise<TensorTypes> {
  const { shape, quantization, engineVersion, cacheDir, ask } = question;
  const asked = { engineVersion, quantization, shape };
  const kept = new KeptAnswers(tensorTypesFolder(cacheDir), z.string());
  const mix = catalogueMix(asked) ?? kept.read(asked);
  const known = mix === null ? null : typesOfMix(shape, mix);
  if (known !== null) return known;
  const types = await askAboutShape(shape, quantization, ask);
  await kept.keep(asked, mixOf(shape, types));
  return types;
}
