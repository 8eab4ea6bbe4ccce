/** What llama.cpp tells of itself: all that an engine may tell. */
import { z } from "zod";
import { engineBackends } from "../../bench/backends.ts";
import { engineInfoSchema } from "../../bench/engineInfo.ts";

export const llamaInfoSchema = engineInfoSchema.extend({
  engine_version: z.string(),
  package: z.string(),
  backend: z.enum(engineBackends),
  system_info: z.string(),
});
export type LlamaInfo = z.infer<typeof llamaInfoSchema>;
