/** What a loaded engine says of itself and of the devices that it sees, as the journal keeps it. */
import { z } from "zod";
import { engineBackends } from "./backends.ts";

const engineDevice = z.object({
  /** llama.cpp's name: `CUDA0`, `Vulkan0`, `MTL0`, `CPU`. */
  name: z.string(),
  /** The hardware's name: `NVIDIA GeForce RTX 4090`. */
  description: z.string(),
  type: z.enum(["cpu", "gpu", "igpu", "accel", "meta"]),
  /** llama.cpp's name of what holds its weights, where it has any. */
  buffer_type: z.string().optional(),
  free_bytes: z.number().int(),
  total_bytes: z.number().int(),
});
export type EngineDevice = z.infer<typeof engineDevice>;

export const engineInfoSchema = z.object({
  engine: z.literal("llama.cpp"),
  /** llama.cpp's release, `v0.4.0`. */
  engine_version: z.string(),
  build_commit: z.string().nullable(),
  build_number: z.number().int().nullable(),
  /** The package that carries the build, `node-llama-cpp 3.21.1`. */
  package: z.string(),
  /** What computes: `cpu` where a GPU build was loaded and sees no GPU. */
  backend: z.enum(engineBackends),
  devices: z.array(engineDevice),
  /** `llama_print_system_info`: CPU features in use. */
  system_info: z.string(),
  /** Absolute paths of the loaded libraries. */
  libraries: z.array(z.string()),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;
