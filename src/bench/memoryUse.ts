/** What a measuring process and its devices held, as the journal keeps it. */
import { z } from "zod";

/** At a moment. */
export const memorySeenSchema = z.object({
  /** What each GPU says is free. On Metal that knows this process alone; a software Vulkan device says all. */
  devices: z.array(z.object({ device: z.string(), free_bytes: z.number().int() })),
  /** What the host must hold for this process and no file stands behind; null where the system doesn't tell. */
  private_bytes: z.number().int().nullable(),
});
export type MemorySeen = z.infer<typeof memorySeenSchema>;

/** Before the model is loaded, after, with its context, and after the warm-up. */
export const memoryOverTimeSchema = z.object({
  start: memorySeenSchema,
  loaded: memorySeenSchema,
  context: memorySeenSchema,
  warm: memorySeenSchema,
  /** The most that was resident at any moment, files that are mapped included. */
  peak_resident_bytes: z.number().int(),
});
export type MemoryOverTime = z.infer<typeof memoryOverTimeSchema>;

/** The engine's buffers on one device or on the host, in bytes. */
export interface DeviceBuffers {
  /** The engine's name of the device, or `host`. */
  readonly device: string;
  readonly weightsBytes: number;
  /** Of the weights: used where the file is mapped; null where that isn't told. */
  readonly weightsMappedBytes: number | null;
  /** Of the weights: copied into the CPU's own layout; null where that isn't told. */
  readonly weightsRepackedBytes: number | null;
  readonly kvBytes: number;
  /** Recurrent state; null in results of the first edition, where it counts as KV cache. */
  readonly stateBytes: number | null;
  readonly computeBytes: number;
  readonly outputBytes: number;
}
