/** The lines that measure a row again: llmbench's, and llama-bench's. */
import type { ImportedRow } from "../../results/importResults.ts";

type Part = readonly [flag: string, value: string | number | null];

/** Flags with a value that is known. */
function line(program: string, parts: readonly Part[]): string {
  const known = parts.flatMap(([flag, value]) =>
    value === null ? [] : [flag, quoted(String(value))],
  );
  return [program, ...known].join(" ");
}

function quoted(value: string): string {
  return /^[\w./:,+@-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

export function llmbenchLine(row: ImportedRow): string {
  return line("llmbench run", [
    ["--model", row.model],
    ["--quant", row.quantization],
    ...testParts(row),
    ["-b", row.n_batch],
    ["--ub", row.n_ubatch],
    ["-t", row.n_threads],
    ["--ngl", row.n_gpu_layers === null || row.n_gpu_layers < 0 ? null : row.n_gpu_layers],
    ["--fa", row.flash_attn],
    ["--ctk", row.type_k],
    ["--ctv", row.type_v],
    ...placementParts(row, "--"),
    ["--launches", row.launches],
  ]);
}

/** As the journal kept it, else made from the columns. */
export function llamaBenchLine(row: ImportedRow): string {
  return (
    row.llama_bench ??
    line("llama-bench", [
      ["-m", row.model_filename ?? `${row.model}-${row.quantization ?? "f16"}.gguf`],
      ...testParts(row),
      ["-b", row.n_batch],
      ["-ub", row.n_ubatch],
      ["-t", row.n_threads],
      ["-ngl", row.n_gpu_layers],
      ["-fa", row.flash_attn],
      ["-ctk", row.type_k],
      ["-ctv", row.type_v],
      ...placementParts(row, "-"),
    ])
  );
}

/** Both tools run pp and tg on their own unless one of them is 0. */
function testParts({ n_prompt: prompt, n_gen: gen, n_depth: depth }: ImportedRow): Part[] {
  const both = prompt > 0 && gen > 0;
  return [
    ["-p", both ? 0 : prompt],
    ["-n", both ? 0 : gen],
    ["-pg", both ? `${prompt},${gen}` : null],
    ["-d", depth === 0 ? null : depth],
  ];
}

/** Where they aren't llama-bench's defaults. */
function placementParts(row: ImportedRow, dashes: string): Part[] {
  return [
    [`${dashes}sm`, row.split_mode === "layer" ? null : row.split_mode],
    [`${dashes}ncmoe`, row.n_cpu_moe === 0 ? null : row.n_cpu_moe],
    [`${dashes}nkvo`, row.no_kv_offload === 0 ? null : row.no_kv_offload],
  ];
}
