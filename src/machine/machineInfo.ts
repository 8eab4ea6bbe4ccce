/** This machine as a run records it: what a reader of the CSV needs to know which box it was. */
import { z } from "zod";
import { powerSources } from "../bench/conditions.ts";

export const machineInfoSchema = z.object({
  /** `--machine-name`, else `<chip or GPU>-<GiB>gb` in kebab case. */
  name: z.string(),
  /** Product name of the box: `MacBook Pro (Mac15,9)`. */
  machine_model: z.string().nullable(),
  os: z.string(),
  /** GPU driver version, where there is a GPU. */
  driver: z.string().nullable(),
  cpu_info: z.string(),
  cores: z.object({
    logical: z.number().int(),
    physical: z.number().int(),
    /** Null where all cores are alike. */
    performance: z.number().int().nullable(),
    efficiency: z.number().int().nullable(),
  }),
  /** Threads that llama.cpp's own tools would take, capped by affinity and cgroup quota. */
  default_threads: z.number().int().min(1),
  gpu_info: z.string().nullable(),
  /** Apple's GPU-core count, which tells two chips of one name apart. */
  gpu_cores: z.number().int().nullable(),
  unified_memory: z.boolean(),
  ram_bytes: z.number().int(),
  ram_available_bytes: z.number().int(),
  /** The cgroup's memory limit, where one is set. */
  ram_limit_bytes: z.number().int().nullable(),
  swap_used_bytes: z.number().int(),
  power_source: z.enum(powerSources),
  power_mode: z.string().nullable(),
  /** macOS: what `sysctl iogpu.wired_limit_mb` sets for Metal; null where the system's own limit stands. */
  metal_wired_limit_bytes: z.number().int().nullable().optional(),
});
export type MachineInfo = z.infer<typeof machineInfoSchema>;
