/** The way to another machine that takes part, and what goes over it. */
import { z } from "zod";

export const linkSchema = z.object({
  /** Round trip of a small message, of those that waited for nothing else. */
  ms: z.number().nonnegative(),
  /** Throughput to the other machine and back, in GB/s; null where its memory was too full to try. */
  upGbps: z.number().positive().nullable(),
  downGbps: z.number().positive().nullable(),
  /** What some bytes took after a rest, as those of a token come, beyond what next to none took. */
  afterRest: z
    .array(
      z.object({
        bytes: z.number().int().positive(),
        upMs: z.number().nonnegative(),
        downMs: z.number().nonnegative(),
      }),
    )
    .optional(),
});
export type Link = z.infer<typeof linkSchema>;

/** What a token, or a prompt, sends and waits for, over all links together. */
export const trafficSchema = z.object({
  /** Commands sent. */
  messages: z.number().nonnegative(),
  /** How often an answer was waited for: a round trip each. */
  turns: z.number().nonnegative(),
  /** Both ways. */
  bytes: z.number().nonnegative(),
});
export type Traffic = z.infer<typeof trafficSchema>;
