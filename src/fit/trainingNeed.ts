/** What a step of training takes, before it is tried: what it keeps is exact, what passes through is an estimate. */
import { formatBytes } from "../base/bytes.ts";
import type { Precision } from "../bench/precisions.ts";
import type { StepOrder } from "../bench/stepOrder.ts";
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
  /** The most at any moment of a step, as expected: less than all of these, where gradients take what activations leave. */
  readonly totalBytes: number;
  /** What it is at least and at most, by the frameworks' ways. */
  readonly leastBytes: number;
  readonly mostBytes: number;
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

/**
 * How far activations are from the estimate. Less: kernels that keep no copy of what they norm. More: what an allocator holds
 * beyond what is asked of it (a process on the CPU was seen to hold up to 1.4 times as much).
 */
const activationBand = { least: 0.8, most: 1.4 };

export function trainingNeed(
  shape: DecoderShape,
  workload: TrainWorkload,
  budget: MemoryBudget,
  order: StepOrder,
): TrainingNeed {
  const { sequence, batch, precision } = workload;
  const { kept, computed } = widths[precision];
  const weightsBytes = kept * decoderParameters(shape);
  const gradientBytes = weightsBytes;
  const momentBytes = 2 * weightsBytes;
  const attention = attentionBytes(shape, workload, computed);
  // A graph holds the copies' gradients too, until they are cast back.
  const castBytes = computed < kept ? computed * decoderMatrices(shape) : 0;
  const activationBytes =
    activations(shape, sequence * batch, widths[precision], order) +
    castBytes +
    (order === "lazy" ? 2 * attention + castBytes : 0);
  const place = placeOf(budget);
  const keptBytes = weightsBytes + momentBytes;
  const tables = 2 * kept * shape.n_vocab * shape.n_embd;
  const peak = (ofActivations: number, temporary: number) =>
    keptBytes +
    (order === "lazy"
      ? gradientBytes + ofActivations + temporary
      : Math.max(ofActivations, gradientBytes + temporary));
  const totalBytes = peak(activationBytes, tables);
  const leastBytes = peak(activationBand.least * activationBytes, 0);
  // On a GPU torch has no kernel for f32 with grouped heads (`_fused_sdp_choice`, aten/src/ATen/native/transformers, 2.15).
  const isGrouped = shape.n_heads !== shape.n_kv_heads;
  const unfused =
    order === "eager" && place.onDevice && computed === 4 && isGrouped ? attention : 0;
  const mostBytes = peak(
    activationBand.most * activationBytes + unfused,
    // The optimizer's copies of all tensors at once: torch's on a GPU (torch.optim.AdamW, `foreach`), MLX's as they come.
    place.onDevice || order === "lazy" ? Math.max(tables, weightsBytes) : tables,
  );
  const fit = mostBytes <= place.bytes ? "full" : leastBytes > place.bytes ? "none" : "unknown";
  const parts = `weights ${formatBytes(weightsBytes)}, moments ${formatBytes(momentBytes)}, ${order === "lazy" ? "and" : "and the larger of"} gradients ${formatBytes(gradientBytes)} and activations about ${formatBytes(activationBytes)}`;
  const sum = `${formatBytes(totalBytes)} of ${formatBytes(place.bytes)} on ${place.name}: ${parts}`;
  const range = `${formatBytes(leastBytes)} to ${formatBytes(mostBytes)}`;
  return {
    fit,
    why: fit === "unknown" ? `by an estimate (${range}) it may not fit, ${sum}` : sum,
    weightsBytes,
    gradientBytes,
    momentBytes,
    activationBytes,
    totalBytes,
    leastBytes,
    mostBytes,
    onDevice: place.onDevice,
    budgetBytes: place.bytes,
    tight: fit === "full" && mostBytes + place.marginBytes > place.bytes,
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
 * For each token and layer: what both norms read, what they make of it, and its copy for each matrix behind them, or one for
 * all where nothing is cast (queries, keys, values; gate and up); queries, keys and values as they are attended with, the
 * keys' and values' heads once more; what attention gives; and four of the inner width (gate, its activation, up, their
 * product). Behind the layers the logits: the logarithms of their softmax, the gradient of these, and that of the logits, all
 * in f32. Held against what torch allocates in a step on the CPU, by its
 * memory profiler: within 5% (test/fit/trainingNeed.test.ts).
 */
function activations(
  shape: DecoderShape,
  tokens: number,
  { kept, computed }: Widths,
  order: StepOrder,
): number {
  const { n_layers, n_embd, n_ff, n_heads, n_kv_heads, head_size, n_vocab } = shape;
  // MLX casts the weights alone: what goes through the layers is in the narrower type from the start.
  const isCast = order === "eager" && computed < kept;
  const carried = isCast ? kept : computed;
  const norms = 2 * 2 * carried * n_embd + (isCast ? 5 : 2) * computed * n_embd;
  const attended = (2 * n_heads + 3 * n_kv_heads) * head_size;
  const layer = norms + computed * (attended + 4 * n_ff);
  const logits = 3 * 4 * n_vocab;
  return tokens * (n_layers * layer + logits);
}

/**
 * Each token's share of attention to each other, which stays for the backward pass where no kernel goes without. MLX has none
 * for training, and keeps two (`mx.fast.scaled_dot_product_attention`, seen with 0.32).
 */
function attentionBytes(
  { n_layers, n_heads }: DecoderShape,
  { sequence, batch }: TrainWorkload,
  width: number,
): number {
  return width * n_layers * n_heads * sequence * sequence * batch;
}
