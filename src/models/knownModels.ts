/** The catalogue as readers of others' files need it, to recognise models that are only described there. */
import { parameterCount } from "../gguf/tensorTable.ts";
import type { KnownModel } from "../results/importModel.ts";
import { catalogue } from "./catalogue.ts";

export function knownModels(): KnownModel[] {
  return catalogue().models.map(({ id, name, file_names, shape }) => ({
    id,
    names: [name, ...file_names],
    architecture: shape.architecture,
    nParams: parameterCount(shape),
    nLayers: shape.n_layers,
  }));
}
