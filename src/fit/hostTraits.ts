/** What the CPU backend does with weights on the host. */
import type { GgmlTypeName } from "../gguf/ggmlTypes.ts";
import type { FileTensor } from "./memoryModel.ts";

export interface HostTraits {
  /** Whether it keeps a matrix to multiply with in a layout of its own, `CPU_REPACK`: a copy, and no map of the file. */
  readonly repacks: (tensor: Pick<FileTensor, "type" | "dims">) => boolean;
}

export const plainHost: HostTraits = { repacks: () => false };

/** Rows must come in whole groups. */
type RowGroups = ReadonlyMap<GgmlTypeName, number>;

/**
 * By llama.cpp's own words about the processor, `AVX2 = 1 | REPACK = 1`
 * (ggml_repack_get_optimal_repack_type, ggml-cpu/repack.cpp, and qtype_has_amx_kernels, ggml-cpu/amx; v0.4.0).
 * Null is told by an engine that says nothing of it.
 */
export function hostTraits(systemInfo: string | null): HostTraits {
  if (systemInfo === null) return plainHost;
  const known = traitsOf.get(systemInfo);
  if (known !== undefined) return known;
  const traits = readTraits(systemInfo);
  traitsOf.set(systemInfo, traits);
  return traits;
}

/** Of each Apple silicon, as llama.cpp is built for Macs. */
export function appleHost(): HostTraits {
  return hostTraits("NEON = 1 | DOTPROD = 1 | REPACK = 1");
}

/** One answer a processor: sizes are kept by it. */
const traitsOf = new Map<string, HostTraits>();

function readTraits(systemInfo: string): HostTraits {
  const has = (feature: string) => new RegExp(`\\b${feature} = 1\\b`, "u").test(systemInfo);
  const stacked = new Map<GgmlTypeName, number>();
  const add = (more: RowGroups) => {
    for (const [type, rows] of more) stacked.set(type, Math.min(rows, stacked.get(type) ?? rows));
  };
  if (has("REPACK")) {
    if (has("AVX2")) add(avx2);
    if (has("AVX512")) add(avx512);
    if (has("NEON") && (has("DOTPROD") || has("MATMUL_INT8"))) add(neon);
  }
  // AMX takes no stacks of matrices, as experts are.
  const flat = has("AMX_INT8") ? new Map([...stacked, ...amx]) : stacked;
  return {
    repacks({ type, dims }) {
      const rows = (dims.length === 2 ? flat : stacked).get(type);
      return rows !== undefined && dims.length >= 2 && (dims[1] ?? 0) % rows === 0;
    },
  };
}

const avx2: RowGroups = new Map([
  ["q4_0", 8],
  ["q4_K", 8],
  ["iq4_nl", 8],
  ["mxfp4", 8],
]);

const avx512: RowGroups = new Map([["q2_K", 8]]);

const neon: RowGroups = new Map([
  ["q4_0", 4],
  ["q4_K", 8],
  ["q5_K", 8],
  ["q6_K", 8],
  ["iq4_nl", 4],
  ["mxfp4", 4],
  ["q8_0", 4],
]);

const amx: RowGroups = new Map([
  ["q4_0", 1],
  ["q4_1", 1],
  ["q8_0", 1],
  ["q4_K", 1],
  ["q5_K", 1],
  ["q6_K", 1],
  ["iq4_xs", 1],
]);
