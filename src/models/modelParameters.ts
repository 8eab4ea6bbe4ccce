/** How many parameters a model has, before it is loaded. */
import { parameterCountOf } from "../gguf/headerFacts.ts";
import { parameterCount } from "../gguf/tensorTable.ts";
import type { ResolvedModel } from "./resolveModel.ts";

/** All tensors' elements, which is what llama.cpp counts. */
export function parametersOf(model: ResolvedModel): number {
  return model.kind === "file" ? parameterCountOf(model.gguf) : parameterCount(model.shape);
}
