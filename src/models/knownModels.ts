/** The catalogue as readers of others' files need it, to recognise models that are only described there. */
import { parameterCount } from "../gguf/tensorTable.ts";
import type { KnownModel } from "../results/importModel.ts";
import { catalogue } from "./catalogue.ts";

export function knownModels(): KnownModel[] {
  return catalogue().models.map(({ id, shape }) => ({
    id,
    nParams: parameterCount(shape),
    nLayers: shape.n_layers,
  }));
}
