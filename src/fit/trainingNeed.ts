/** What a step of training takes, before it is tried: what it keeps is exact, what passes through is an estimate. */
import { formatBytes } from "../base/bytes.ts";
import type { Precision } from "../bench/precisions.ts";
import type { TrainWorkload } from "../bench/workload.ts";
import { decoderMatrices, decoderParameters, type DecoderShape } from "../gguf/decoderShape.ts";
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import type { CertainFit } from "./boundVerdict.ts";

/** Bytes, on the device, or on the host where there is none. */
export interface TrainingNeed {
  readonly fit: Exclude<CertainFit, "partial"> | "unknown";
  /** Why, in words. */
  readonly why: string;
  readonly weightsBytes: number;
  readonly gradientBytes: number;
  /** AdamW's two for each weight. */
  readonly momentBytes: number;
  /** What the forward pass leaves for the backward pass, the logits and their loss, as expected. */
  readonly activationBytes: number;
  readonly totalBytes: number;
  readonly onDevice: boolean;
  readonly budgetBytes: number;
  readonly tight: boolean;
}

interface Widths {
  /** Of a weight, its gradient, and each of its moments. */
  readonly kept: number;
  /** Of what is computed. */
  readonly computed: number;
}

const half: Widths = { kept: 4, computed: 2 };
const whole: Widths = { kept: 4, computed: 4 };

const widths: Readonly<Record<Precision, Widths>> = {
  f32: whole,
  tf32: whole,
  bf16: half,
  f16: half,
  "f16-pure": { kept: 2, computed: 2 },
};

/** How far activations were from the estimate, both ways, on the frameworks that it was held against. */
const activationBand = { least: 0.6, most: 1.5 };

export function trainingNeed(
  shape: DecoderShape,
  { sequence, batch, precision }: TrainWorkload,
  budget: MemoryBudget,
): TrainingNeed {
  const { kept } = widths[precision];
  const weightsBytes = kept * decoderParameters(shape);
  const gradientBytes = weightsBytes;
  const momentBytes = 2 * weightsBytes;
  const keptBytes = weightsBytes + gradientBytes + momentBytes;
  const activationBytes = activations(shape, sequence * batch, widths[precision]);
  const place = placeOf(budget);
  const least = keptBytes + activationBand.least * activationBytes;
  const most = keptBytes + activationBand.most * activationBytes;
  const totalBytes = keptBytes + activationBytes;
  const fit = most <= place.bytes ? "full" : least > place.bytes ? "none" : "unknown";
  const parts = `weights ${formatBytes(weightsBytes)}, gradients ${formatBytes(gradientBytes)}, moments ${formatBytes(momentBytes)}, activations about ${formatBytes(activationBytes)}`;
  const sum = `${formatBytes(totalBytes)} of ${formatBytes(place.bytes)} on ${place.name}: ${parts}`;
  return {
    fit,
    why: fit === "unknown" ? `by an estimate it may not fit, ${sum}` : sum,
    weightsBytes,
    gradientBytes,
    momentBytes,
    activationBytes,
    totalBytes,
    onDevice: place.onDevice,
    budgetBytes: place.bytes,
    tight: fit === "full" && most + place.marginBytes > place.bytes,
  };
}

function placeOf({ devices, hostPool, hostBytes }: MemoryBudget) {
  const [device] = devices;
  return device === undefined
    ? { name: hostPool, bytes: hostBytes, marginBytes: 0, onDevice: false }
    : {
        name: device.name,
        bytes: device.budgetBytes,
        marginBytes: device.marginBytes,
        onDevice: true,
      };
}

/**
 * For each token and layer: the residual stream before both norms (f32, as autocast keeps it), what enters the attention's
 * and the feed-forward part's matrices, queries, keys and values before and after they are turned, what attention gives,
 * and four of the inner width (gate, its activation, up, their product). Behind the layers the logits: as computed, and in
 * f32 for the loss and its gradient. Where weights are cast for each step, their copies.
 */
function activations(shape: DecoderShape, tokens: number, { kept, computed }: Widths): number {
  const { n_layers, n_embd, n_ff, n_heads, n_kv_heads, head_size, n_vocab } = shape;
  const turned = (n_heads + n_kv_heads) * head_size;
  const attended = 2 * turned + n_kv_heads * head_size + n_heads * head_size;
  const layer = 2 * kept * n_embd + computed * (2 * n_embd + attended + 4 * n_ff);
  const logits = n_vocab * (2 * computed + 8);
  const copies = computed < kept ? computed * decoderMatrices(shape) : 0;
  return tokens * (n_layers * layer + logits) + copies;
}
