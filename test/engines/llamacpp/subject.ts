import { llamaCpp } from "../../../src/engines/llamacpp/row.ts";
import type { Subject } from "../subject.ts";
import { toyWeights } from "../toyWeights.ts";

export const subject: Subject = {
  name: "llama.cpp",
  row: llamaCpp,
  own: {},
  model: await toyWeights(),
  noModel: import.meta.filename,
  inChild: true,
};
