/** What a child process and its devices held at a moment. */
import { z } from "zod";

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
