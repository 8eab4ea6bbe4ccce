/** What a started engine says of itself and of the devices that it sees, as the journal keeps it. */
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
  /** Of another machine's device: whose it is. */
  server: z
    .object({
      /** From 1, as the user named them. */
      number: z.number().int(),
      machine: z.string(),
      /** What stands for its address: `loopback`, as of a tunnel, or `private address`. */
      way: z.string(),
      /** Of a CPU that is lent. */
      threads: z.number().int().optional(),
    })
    .optional(),
  /** Of another machine's device: what that machine lets llama.cpp use of it. */
  budget_bytes: z.number().int().optional(),
});
export type EngineDevice = z.infer<typeof engineDevice>;

export const engineInfoSchema = z.object({
  /** Its name in the registry, `llama.cpp`; or what answers at an endpoint. */
  engine: z.string().min(1),
  /** Its release, `v0.4.0`; null where it doesn't tell. */
  engine_version: z.string().nullable(),
  build_commit: z.string().nullable(),
  build_number: z.number().int().nullable(),
  /** The package that carries the build, `node-llama-cpp 3.21.1`; null where none does. */
  package: z.string().nullable(),
  /** What computes: `cpu` where a GPU build was loaded and sees no GPU; null where that isn't told. */
  backend: z.enum(engineBackends).nullable(),
  /** None where it doesn't tell. */
  devices: z.array(engineDevice),
  /** `llama_print_system_info`: CPU features in use; null where it doesn't tell. */
  system_info: z.string().nullable(),
  /** Absolute paths of the libraries that llmbench loaded. */
  libraries: z.array(z.string()),
  /** Of an engine that isn't here, why, and the way out: nothing else is known of it then. */
  missing: z.string().optional(),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;
