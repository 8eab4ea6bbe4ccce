/**
 * The types of a model's tensors in one line: that of most matrices, then the others by name and layers,
 * `q4_K; ffn_down.weight 0-9,12 q6_K; output.weight q6_K`. What a converter leaves in F32 is named only where it is not.
 */
import { getOrMake } from "../base/getOrMake.ts";
import { isGgmlTypeName } from "./ggmlTypes.ts";
import type { GgmlTypeName } from "./ggmlTypes.ts";
import type { ModelShape } from "./modelShape.ts";
import { layerOf, tensorTable, unquantizedType } from "./tensorTable.ts";
import type { TensorTypes } from "./tensorTable.ts";
import type { TensorShape } from "./tensors/tensorShape.ts";

/** @throws RangeError where a tensor of the shape has no type. */
export function mixOf(shape: ModelShape, types: TensorTypes): string {
  const typeOf = ({ name }: TensorShape): GgmlTypeName => {
    const type = types.get(name);
    if (type === undefined) throw new RangeError(`no type for tensor ${name}`);
    return type;
  };
  const table = tensorTable(shape);
  const most = mostCommon(table.filter((tensor) => unquantizedType(tensor) === "f16").map(typeOf));
  const others = new Map<string, number[]>();
  for (const tensor of table) {
    const type = typeOf(tensor);
    if (type === expected(tensor, most)) continue;
    const layer = layerOf(tensor.name);
    const name = layer < 0 ? tensor.name : tensor.name.replace(blockPrefix(layer), "");
    const layers = getOrMake(others, `${name} ${type}`, () => []);
    if (layer >= 0) layers.push(layer);
  }
  const exceptions = Array.from(others, ([named, layers]) => {
    const [name, type] = named.split(" ");
    return [name, ...(layers.length === 0 ? [] : [inRanges(layers)]), type].join(" ");
  });
  return [most, ...exceptions].join("; ");
}

/** Null where the line is none of this shape's. */
export function typesOfMix(shape: ModelShape, mix: string): TensorTypes | null {
  const [most = "", ...exceptions] = mix.split("; ");
  if (!isGgmlTypeName(most)) return null;
  const types = new Map(
    tensorTable(shape).map((tensor) => [tensor.name, expected(tensor, most)] as const),
  );
  for (const exception of exceptions) {
    const [, name = "", ranges, type = ""] = /^(\S+) (?:([\d,-]+) )?(\S+)$/.exec(exception) ?? [];
    if (!isGgmlTypeName(type)) return null;
    const names = (ranges === undefined ? [""] : prefixes(ranges, shape)).map((at) => at + name);
    if (names.length === 0 || !names.every((tensor) => types.has(tensor))) return null;
    for (const tensor of names) types.set(tensor, type);
  }
  return types;
}

/** Of what a converter leaves as it is, its type; of matrices that of most. */
function expected(tensor: TensorShape, most: GgmlTypeName): GgmlTypeName {
  const type = unquantizedType(tensor);
  return type === "f16" ? most : type;
}

function mostCommon(types: readonly GgmlTypeName[]): GgmlTypeName {
  const counts = new Map<GgmlTypeName, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  const [[most] = ["f32" as const]] = Array.from(counts).sort(([, a], [, b]) => b - a);
  return most;
}

function blockPrefix(layer: number): string {
  return `blk.${layer}.`;
}

/** Ascending layers as `0-9,12`. */
function inRanges(layers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const layer of layers) {
    const last = ranges.at(-1);
    if (last?.to === layer - 1) last.to = layer;
    else ranges.push({ from: layer, to: layer });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** None where that is no range, or an empty one. */
function prefixes(ranges: string, shape: ModelShape): string[] {
  return ranges.split(",").flatMap((range) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    const count = Math.min(Number(last) - Number(first), shape.n_layers) + 1;
    return Array.from({ length: count }, (_, i) => blockPrefix(Number(first) + i));
  });
}
