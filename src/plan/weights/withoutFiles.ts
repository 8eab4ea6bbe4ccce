/** Weights that llmbench has no file of: an engine holds them by name, or draws them for a shape, or a case needs none. */
import { digestOf } from "../../base/digest.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";
import type { Weights } from "./weights.ts";

/** Nothing is found, asked about or written, and nothing can change. */
const withoutFiles = {
  headerOf: null,
  files: [],
  found: null,
  header: null,
  tensorBytes: null,
  bytesToWrite: 0,
  provide: async () => null,
  changed: async () => null,
} as const satisfies Partial<Weights>;

/** Weights that an engine holds itself, under a name of its own. */
export function namedWeights(name: string): Weights {
  return {
    ...withoutFiles,
    kind: "real",
    content: "real",
    identity: `name:${name}`,
    opened: name,
    differenceFrom: (before) => `${name} was ${before.replace(/^name:/u, "")} when the run began`,
  };
}

const identityDigits = 16;

/** Weights that an engine draws for a shape; how many bytes they take depends on the case's precision. */
export function drawnWeights(modelId: string, shape: ModelShape): Weights {
  return {
    ...withoutFiles,
    kind: "synthetic",
    content: "synthetic",
    identity: `drawn:${digestOf(shape, identityDigits)}`,
    opened: modelId,
    differenceFrom: () => `${modelId} has another shape than when the run began`,
  };
}

/** What stands behind a case of the machine alone. */
export const noWeights: Weights = {
  ...withoutFiles,
  kind: null,
  content: null,
  identity: "none",
  opened: null,
  differenceFrom: () => "it was of a model when the run began",
};
