/** Architectures whose compute graph llmbench lays out as llama.cpp does. Of the others it lays out one that resembles it. */
import type { Architecture } from "../../gguf/architectures.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";

const laidOut: ReadonlySet<Architecture> = new Set<Architecture>([
  "llama",
  "qwen2",
  "qwen3",
  "qwen3moe",
  "gpt-oss",
  "glm4moe",
  "gemma3",
]);

export function hasKnownGraph({ architecture }: Pick<ModelShape, "architecture">): boolean {
  return laidOut.has(architecture);
}
