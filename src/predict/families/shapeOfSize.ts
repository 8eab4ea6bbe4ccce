/** The shape that a family's model of any size would have. */
import { sumOf } from "../../base/sumOf.ts";
import { elementsOf } from "../../gguf/ggmlTypes.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";
import { tensorTable } from "../../gguf/tensorTable.ts";
import { catalogue } from "../../models/catalogue.ts";
import { families, type FamilyName } from "./families.ts";

interface Member {
  readonly shape: ModelShape;
  readonly parameters: number;
}

const known = new Map<FamilyName, readonly Member[]>();

function membersOf(family: FamilyName): readonly Member[] {
  const found = known.get(family);
  if (found !== undefined) return found;
  const members = families[family].members.map((id) => {
    const shape = catalogue().find(id)?.shape;
    if (shape === undefined) throw new RangeError(`no model ${id} in the catalogue`);
    return { shape, parameters: parametersOf(shape) };
  });
  known.set(family, members);
  return members;
}

function parametersOf(shape: ModelShape): number {
  return sumOf(tensorTable(shape), ({ dims }) => elementsOf(dims));
}

/** Widths are whole heads, so that quantized rows are whole blocks too. */
const widthStep = 128;

/**
 * Layers and widths grow with the parameters as they do from one member to the next, in straight lines on logarithms; below the first
 * and beyond the last on the nearest of these lines. All else is as in the member below.
 */
export function shapeOfSize(family: FamilyName, parameters: number): ModelShape {
  const members = membersOf(family);
  const next = members.slice(1, -1).findIndex((member) => parameters < member.parameters);
  const at = next === -1 ? members.length - 2 : next;
  const [small, large] = [members[at], members[at + 1]];
  if (small === undefined || large === undefined) throw new RangeError("a family of one");
  const share =
    Math.log(parameters / small.parameters) / Math.log(large.parameters / small.parameters);
  const between = (of: (shape: ModelShape) => number, step: number) => {
    const value = of(small.shape) * (of(large.shape) / of(small.shape)) ** share;
    return Math.max(1, Math.round(value / step)) * step;
  };
  const { experts } = small.shape;
  return {
    ...small.shape,
    n_layers: between((shape) => shape.n_layers, 1),
    n_embd: between((shape) => shape.n_embd, widthStep),
    n_ff: between((shape) => shape.n_ff, widthStep),
    // Not as many to each head of keys and values: whole groups would give the attention's work steps.
    n_heads: between((shape) => shape.n_heads, 1),
    // Of the largest: longer contexts than a member was trained for are asked about, too.
    n_ctx_train: Math.max(...members.map(({ shape }) => shape.n_ctx_train)),
    tied_embeddings: false,
    ...(experts === undefined
      ? {}
      : { experts: { ...experts, n_ff: between((shape) => shape.experts?.n_ff ?? 1, widthStep) } }),
  };
}
