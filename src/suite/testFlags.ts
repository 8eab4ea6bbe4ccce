/** The flags that ask for tests, each with the kind of workload. */
import type { KnownKind } from "../bench/workload.ts";
import type { FlagKey } from "./flags.ts";

export const kindOfTest = {
  nPrompt: "prompt",
  nGen: "generate",
  pg: "both",
  copy: "copy",
  read: "read",
  matmul: "matmul",
  train: "train",
} as const satisfies { readonly [Key in FlagKey]?: KnownKind };

export type TestKey = keyof typeof kindOfTest;
export const testKeys = Object.keys(kindOfTest) as readonly TestKey[];
