/** Where a described model's real weights are to be had. */
import { LlmbenchError } from "../errors.ts";
import type { ModelDescription } from "./modelDescription.ts";

/** `hf:user/repo`. @throws LlmbenchError `usage` where its description names no repository of .gguf files. */
export function sourceSpec({ id, sources }: ModelDescription): string {
  const source = sources.find(({ format }) => format === "gguf");
  if (source !== undefined) return `hf:${source.repo}`;
  throw new LlmbenchError(
    "usage",
    `${id}: its description names no repository of .gguf files; name one yourself as hf:user/repo:QUANT`,
  );
}
