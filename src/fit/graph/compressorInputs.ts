/** What a batch must know to gather tokens into cells (dsv4_build_comp_inputs, src/llama-graph.cpp; dsv4_build_reserve_comp_plan, src/llama-kv-cache-dsv4.cpp, v0.4.0). */
import { ggmlTypes } from "../../gguf/ggmlTypes.ts";
import { largestRotation, type CacheForm } from "./cacheInputs.ts";
import { input } from "./graphParts.ts";
import type { GraphTensor } from "./graphTensor.ts";

/** Cells of few tokens are made of their own and those before; of heavy ones of their own alone. */
export interface Compression {
  /** Tokens that become one cell. */
  readonly ratio: number;
  readonly overlaps: boolean;
  /** Elements of a cell. */
  readonly size: number;
  /** Of the cache by which sparse attention chooses. */
  readonly indexes: boolean;
}

export interface CompressorInputs {
  readonly cells: number;
  /** Where in its cell each token is. */
  readonly positions: GraphTensor;
  /** Of the batch's tokens, those that the next one needs, and where they are kept. */
  readonly keptFrom: GraphTensor;
  readonly keptTo: GraphTensor;
  readonly reads: GraphTensor;
  readonly writes: GraphTensor;
  readonly cellPositions: GraphTensor;
  readonly mask: GraphTensor;
  readonly rotation: GraphTensor | null;
}

/** Tokens that a layer remembers of the cell to come: with overlap those of the one before too. */
export function keptTokens({ ratio, overlaps }: Compression): number {
  return (overlaps ? 2 : 1) * ratio;
}

export function compressorInputs(
  { nTokens, flashAttn, typeK }: Pick<CacheForm, "nTokens" | "flashAttn" | "typeK">,
  cells: number,
  compression: Compression,
): CompressorInputs {
  const { ratio, size, indexes } = compression;
  const blocks = Math.floor(nTokens / ratio) + 1;
  const kept = Math.min(nTokens, keptTokens(compression));
  const rotates = indexes || (ggmlTypes[typeK].blockSize > 1 && size % 64 === 0);
  const rotation = largestRotation(size);
  return {
    cells,
    positions: input("i32", [nTokens]),
    keptFrom: input("i32", [kept]),
    keptTo: input("i32", [kept]),
    reads: input("i32", [keptTokens(compression) * blocks]),
    writes: input("i64", [blocks]),
    cellPositions: input("i32", [blocks]),
    mask: input(indexes || flashAttn ? "f16" : "f32", [cells, nTokens]),
    rotation: rotates ? input("f32", [rotation, rotation]) : null,
  };
}
