/** What a model asks of memory and arithmetic, by the types of its weights. */
import { getOrMake } from "../base/getOrMake.ts";
import { elementsOf, type GgmlTypeName } from "../gguf/ggmlTypes.ts";
import { isOfExperts, layerOf } from "../gguf/tensorTable.ts";
import { isLookedUp, shareOfExperts, type ReadModel, type ReadTensor } from "./readModel.ts";
import type { ByType } from "./typeRates.ts";

interface TypedTensor extends ReadTensor {
  readonly type: GgmlTypeName;
}

interface TypedModel extends ReadModel {
  readonly tensors: readonly TypedTensor[];
}

/** Of a published row's model only the sum of its tensors is known. */
function isTyped(model: ReadModel): model is TypedModel {
  return model.tensors.every((tensor) => "type" in tensor);
}

interface WorkByType {
  /** Bytes of weights that a token of decode reads. */
  readonly bytes: ByType;
  /** Operations that a token of a prompt takes in the layers. */
  readonly operations: ByType;
}

const known = new WeakMap<ReadModel, WorkByType>();

/** Null where the types aren't known. */
export function workByType(model: ReadModel): WorkByType | null {
  return isTyped(model) ? getOrMake(known, model, () => countByType(model)) : null;
}

/** A type may stand in it several times. */
export function sumByType(parts: Iterable<readonly [type: string, amount: number]>): ByType {
  const sums = new Map<string, number>();
  for (const [type, amount] of parts) sums.set(type, (sums.get(type) ?? 0) + amount);
  return sums;
}

function countByType(model: TypedModel): WorkByType {
  const { tensors } = model;
  const tied = !tensors.some(({ name }) => name === "output.weight");
  const share = shareOfExperts(model, 1);
  const bytes: [string, number][] = [];
  const operations: [string, number][] = [];
  for (const { name, dims, type, bytes: size } of tensors) {
    const layer = layerOf(name);
    if (layer === -1 && isLookedUp(name, tied)) continue;
    const used = isOfExperts(name) ? share : 1;
    bytes.push([type, size * used]);
    // The output layer works for a prompt's last token alone, and vectors are next to no operations.
    if (layer !== -1 && dims.length > 1) operations.push([type, 2 * elementsOf(dims) * used]);
  }
  return { bytes: sumByType(bytes), operations: sumByType(operations) };
}
