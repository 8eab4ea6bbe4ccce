/** Under what conditions a launch was measured, as the journal keeps them. Null is what the system doesn't tell. */
import { z } from "zod";

/** What other processes do. */
export const loadSchema = z.object({
  /** Logical CPUs' worth of time that other processes take; null where too little time passed to tell. */
  busy_cpus: z.number().nullable(),
  /** Logical CPUs that there are. */
  cpus: z.number(),
  /** `NVIDIA GeForce RTX 4090 is 98% busy`: before anything of ours ran. */
  busy_gpus: z.array(z.string()),
});
export type Load = z.infer<typeof loadSchema>;

/** One of NVIDIA's cards at a moment. */
export const nvidiaStateSchema = z.object({
  index: z.number().int(),
  temperature_c: z.number().nullable(),
  clock_mhz: z.number().nullable(),
  max_clock_mhz: z.number().nullable(),
  power_limit_w: z.number().nullable(),
  default_power_limit_w: z.number().nullable(),
  pcie_generation: z.number().nullable(),
  pcie_width: z.number().nullable(),
  memory_used_bytes: z.number().nullable(),
  /** Of NVML's bits, as they stood when the work had just ended. */
  throttle_reasons: z.number().int().nullable(),
  /** Time that heat has held the clocks down; drivers before 2025 don't count it. */
  thermal_slowdown_us: z.number().nullable(),
});
export type NvidiaState = z.infer<typeof nvidiaStateSchema>;

export const powerSources = ["ac", "battery", "unknown"] as const;
export type PowerSource = (typeof powerSources)[number];

export const conditionsSchema = z.object({
  power_source: z.enum(powerSources).nullable(),
  low_power_mode: z.boolean().nullable(),
  swap_used_bytes: z.number().nullable(),
  /** Read back from swap meanwhile. */
  swapped_in_bytes: z.number().nullable(),
  // A journal written before these were read lacks them.
  /** Written to swap meanwhile. */
  swapped_out_bytes: z.number().nullable().default(null),
  /** Compressed in memory meanwhile, more than before (macOS). */
  compressed_bytes: z.number().nullable().default(null),
  /** How often heat slowed the processor meanwhile (Linux on Intel). */
  cpu_throttles: z.number().nullable(),
  /** Lowest share of its speed that the processor was held to, in percent (macOS on Intel). */
  cpu_speed_limit: z.number().nullable(),
  /** Highest of macOS' levels: 0 nominal, 1 moderate, 2 heavy, 3 trapping, 4 sleeping. */
  thermal_pressure: z.number().nullable(),
  /** What other processes did meanwhile, which is watched and not read. */
  other_load: loadSchema.nullable().default(null),
  /** NVIDIA's cards as they were after it; of `thermal_slowdown_us` the part meanwhile. */
  gpus: z.array(nvidiaStateSchema),
});
/** Between two readings; of one reading, with counters since the system began. */
export type Conditions = z.infer<typeof conditionsSchema>;
