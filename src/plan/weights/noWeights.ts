/** What stands behind a case of the machine alone: nothing that could be provided, or change. */
import type { Weights } from "./weights.ts";

export const noWeights: Weights = {
  kind: null,
  content: null,
  headerOf: null,
  identity: "none",
  opened: null,
  files: [],
  found: null,
  header: null,
  tensorBytes: null,
  bytesToWrite: 0,
  provide: async () => null,
  changed: async () => null,
  differenceFrom: () => "it was of a model when the run began",
};
