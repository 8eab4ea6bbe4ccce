/** Layers that remember a sequence in a state of fixed size, and the layers between them that attend. */
import { z } from "zod";

const positive = z.number().int().positive();

/** Which layers attend; all others are recurrent. */
const attendingLayersSchema = z.union([
  /** Every so many-th. */
  z.strictObject({ every: positive }),
  /** Counted from 0, in order. */
  z.strictObject({ layers: z.array(z.number().int().nonnegative()).min(1) }),
]);

export const recurrentShapeSchema = z.discriminatedUnion("kind", [
  /** Gated delta nets (Qwen3-Next, Qwen3.5). */
  z.strictObject({
    kind: z.literal("delta_net"),
    /** Tokens that the convolution before it sees. */
    conv_kernel: positive,
    /** Elements of a head's keys and values alike. */
    head_size: positive,
    key_heads: positive,
    value_heads: positive,
    attention: attendingLayersSchema,
  }),
  /** Mamba 2 (Nemotron-H, Granite 4 H). */
  z.strictObject({
    kind: z.literal("mamba2"),
    conv_kernel: positive,
    /** Elements that one channel remembers. */
    state_size: positive,
    heads: positive,
    head_size: positive,
    /** Heads of a group share what they write to and read from the state. */
    groups: positive,
    attention: attendingLayersSchema,
  }),
  /** Short convolutions between two gates (LFM2). */
  z.strictObject({
    kind: z.literal("short_convolution"),
    conv_kernel: positive,
    attention: attendingLayersSchema,
  }),
]);

export type RecurrentShape = z.infer<typeof recurrentShapeSchema>;

export function attends({ attention }: RecurrentShape, layer: number): boolean {
  return "every" in attention
    ? (layer + 1) % attention.every === 0
    : attention.layers.includes(layer);
}

type Of<Kind extends RecurrentShape["kind"]> = Extract<RecurrentShape, { kind: Kind }>;

/** Widths of keys and of values, all heads together. */
export function deltaNetWidths({ head_size, key_heads, value_heads }: Of<"delta_net">): {
  readonly keys: number;
  readonly values: number;
} {
  return { keys: head_size * key_heads, values: head_size * value_heads };
}

/** Width of what is remembered, and of what its writes and reads take beside it. */
export function mamba2Widths({ heads, head_size, groups, state_size }: Of<"mamba2">): {
  readonly inner: number;
  readonly grouped: number;
} {
  return { inner: heads * head_size, grouped: 2 * groups * state_size };
}
