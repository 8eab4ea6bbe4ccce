/** Tensor types as llama.cpp gives them: questions wait for each other, and the engine ends with the test file. */
import { afterAll } from "vitest";
import { llamaCpp } from "../../src/engines/llamacpp/row.ts";
import type { AskTensorTypes } from "../../src/gguf/askTensorTypes.ts";

export async function llamaTensorTypes(): Promise<AskTensorTypes> {
  const engine = await llamaCpp.start({ device: "cpu", own: {} });
  afterAll(() => engine.close());
  const { tensorTypes } = engine;
  if (tensorTypes === undefined) throw new Error("llama.cpp tells tensor types");
  return tensorTypes;
}
