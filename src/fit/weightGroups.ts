/** A model's weights in groups that go to one place together, with sizes that are asked for again and again. */
import { getOrMake } from "../base/getOrMake.ts";
import { groupBy } from "../base/groupBy.ts";
import { bytesOf, ggmlTypes } from "../gguf/ggmlTypes.ts";
import type { Hyperparameters } from "../gguf/hyperparameters.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import type { Place } from "./layerPlacement.ts";
import type { FileTensor, MemoryModel } from "./memoryModel.ts";
import type { NamedPlaces } from "./namedPlaces.ts";
import { recurrenceOf } from "./scanWeights.ts";

export type GroupKind =
  | "layer"
  /** A layer's weights that only some devices can compute with. */
  | "recurrence"
  | "rope"
  | "embeddings"
  | "input"
  | "output";

/** Where a group's data lies in a file. */
export interface Span {
  readonly file: number;
  readonly first: number;
  readonly last: number;
}

export interface Padding {
  readonly alignment: number;
  readonly rowPadding: number;
}

export class WeightGroup {
  readonly kind: GroupKind;
  /** -1 for those of no layer. */
  readonly layer: number;
  readonly tensors: readonly FileTensor[];
  /** Where they are placed by name; null where their layer decides. */
  readonly named: Place | null;
  /** Of its tensors, what a device must take at once. */
  readonly largestBytes: number;
  private readonly allocated = new Map<number, number>();
  private readonly mapped = new WeakMap<IsCopied, readonly Span[]>();
  private readonly copied = new WeakMap<IsCopied, number>();

  constructor(kind: GroupKind, layer: number, tensors: readonly FileTensor[], named: Place | null) {
    this.kind = kind;
    this.layer = layer;
    this.tensors = tensors;
    this.named = named;
    this.largestBytes = Math.max(...tensors.map(demandedBytes));
  }

  /** Bytes where each tensor is allocated, padding included. */
  allocatedBytes({ alignment, rowPadding }: Padding): number {
    const key = alignment * 2 ** 16 + rowPadding;
    const known = this.allocated.get(key);
    if (known !== undefined) return known;
    const bytes = this.tensors.reduce((sum, tensor) => {
      const [row = 0] = tensor.dims;
      const quantized = ggmlTypes[tensor.type].blockSize > 1;
      const short = quantized ? alignTo(row, rowPadding) - row : 0;
      return sum + alignTo(tensor.bytes + bytesOf(tensor.type, [short]), alignment);
    }, 0);
    this.allocated.set(key, bytes);
    return bytes;
  }

  /** Of the tensors that are copied, padding included. */
  copiedBytes(isCopied: IsCopied, alignment: number): number {
    const known = this.copied.get(isCopied);
    if (known !== undefined) return known;
    const bytes = this.tensors
      .filter((tensor) => isCopied(tensor))
      .reduce((sum, tensor) => sum + alignTo(tensor.bytes, alignment), 0);
    this.copied.set(isCopied, bytes);
    return bytes;
  }

  /** Where the tensors lie that are used as they stand in the file. */
  spans(isCopied: IsCopied): readonly Span[] {
    const known = this.mapped.get(isCopied);
    if (known !== undefined) return known;
    const spans = mergeSpans([
      this.tensors
        .filter((tensor) => !isCopied(tensor))
        .map(({ file, offset, bytes }) => ({ file, first: offset, last: offset + bytes })),
    ]);
    this.mapped.set(isCopied, spans);
    return spans;
  }
}

/** Whether a tensor is copied into a layout of its own instead of being used as it stands in the file. */
export type IsCopied = (tensor: FileTensor) => boolean;

/** One span a file, from the first byte to the last. */
export function mergeSpans(lists: readonly (readonly Span[])[]): Span[] {
  // Hardly ever more than one: a list is faster than a map.
  const merged: { file: number; first: number; last: number }[] = [];
  for (const spans of lists) {
    for (const { file, first, last } of spans) {
      const known = merged.find((one) => one.file === file);
      if (known === undefined) merged.push({ file, first, last });
      else {
        if (first < known.first) known.first = first;
        if (last > known.last) known.last = last;
      }
    }
  }
  return merged;
}

/** llama.cpp tries a weight with this many tokens (weight_buft_supported, src/llama-model-loader.cpp, v0.4.0). */
const trialTokens = 512;

/** The largest tensor that a device must take to be trusted with a weight. */
export function demandedBytes({
  bytes,
  dims: [inputs = 0, outputs = 1],
}: Pick<FileTensor, "bytes" | "dims">): number {
  return Math.max(bytes, 4 * trialTokens * Math.max(inputs, outputs));
}

type Groups = readonly WeightGroup[];

const groupsOf = new WeakMap<MemoryModel, Map<string, Groups>>();

/** @param large `apart` where a tensor may be too large for a device that takes its neighbours */
export function weightGroups(
  model: MemoryModel,
  large: "together" | "apart",
  named: NamedPlaces,
): Groups {
  const { parameters } = model;
  const ofModel = getOrMake(groupsOf, model, () => new Map<string, Groups>());
  return getOrMake(ofModel, `${large} ${named.form}`, () => {
    const byKey = groupBy(model.tensors, (tensor) => {
      const kind = kindOf(tensor, parameters);
      const apart = large === "apart" && isLarge(tensor);
      const alone = apart || kind === "recurrence" ? tensor.name : "";
      return `${kind} ${tensor.layer} ${named.of(tensor) ?? ""} ${alone}`;
    });
    return [...byKey.values()].flatMap((tensors) => {
      const [first] = tensors;
      return first === undefined
        ? []
        : [new WeightGroup(kindOf(first, parameters), first.layer, tensors, named.of(first))];
    });
  });
}

/** The least that any device with a limit takes in one tensor (Vulkan's maxStorageBufferRange is 128 MiB at least). */
const surelyHeldBytes = 2 ** 27;

function isLarge(tensor: FileTensor): boolean {
  return demandedBytes(tensor) > surelyHeldBytes;
}

function kindOf(tensor: FileTensor, parameters: Hyperparameters): GroupKind {
  const { name, layer } = tensor;
  if (layer >= 0) return recurrenceOf(parameters, tensor) === null ? "layer" : "recurrence";
  if (name.startsWith("rope_")) return "rope";
  if (name === "token_embd.weight") return "embeddings";
  return inputs.has(name) ? "input" : "output";
}

/** Beside the embeddings of tokens (LLM_TENSOR_LAYER_INPUT, src/llama-arch.cpp, v0.4.0). */
const inputs: ReadonlySet<string> = new Set([
  "position_embd.weight",
  "token_types.weight",
  "per_layer_token_embd.weight",
  "masked_embd_centroids.weight",
  "masked_embd_ordering",
]);
