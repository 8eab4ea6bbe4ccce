/**
 * llama-bench's rows, in whatever format, as its fields (test::get_fields, tools/llama-bench/llama-bench.cpp, llama.cpp
 * v0.4.0, and those of builds since August 2023).
 *
 * The Markdown table prints what differs from the defaults and rounds: sizes and parameters to two decimals of their unit,
 * t/s and its standard deviation to two decimals (markdown_printer).
 */
import { RowRefused, type Fields } from "../found.ts";
import { decimalMarkOf, plainNumber, type DecimalMark } from "../localNumber.ts";
import { isPlusMinus } from "../plusMinus.ts";
import { textOf, type Tool } from "./tool.ts";
import { withSurroundings } from "./withSurroundings.ts";

/** Names that the tables of llama-bench, and of ik_llama.cpp's, print for its fields. */
const fieldOf: Readonly<Record<string, string>> = {
  model: "model_type",
  backend: "backends",
  ngl: "n_gpu_layers",
  sm: "split_mode",
  threads: "n_threads",
  nkvo: "no_kv_offload",
  fa: "flash_attn",
  lm: "load_mode",
  ts: "tensor_split",
  mmap: "use_mmap",
  dio: "use_direct_io",
  mg: "main_gpu",
  ot: "tensor_buft_overrides",
  override_tensor: "tensor_buft_overrides",
  dev: "devices",
  embd: "embeddings",
  nopo: "no_op_offload",
  noh: "no_host",
  fitt: "fit_target",
  fitc: "fit_min_ctx",
  ncmoe: "n_cpu_moe",
  ctk: "type_k",
  ctv: "type_v",
  gpu: "gpu_info",
  cpu: "cpu_info",
};

/** Told by further fields, and none themselves. */
const displayed: ReadonlySet<string> = new Set(["size", "params", "test"]);
const speedColumns = ["t/s", "tok/s", "tokens/s", "token/s"];

/** A printed ± 0.00 says "below half a hundredth"; that bound is kept, since 0 would claim no spread at all. */
const halfStep = 0.005;

const unitFactor: Readonly<Record<string, number>> = {
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  K: 1e3,
  M: 1e6,
  B: 1e9,
  T: 1e12,
};

/** Defaults of all llama-bench builds, which the table leaves out. */
const unprinted = { type_k: "f16", type_v: "f16" };

/**
 * The table leaves the layers out wherever BLAS stands among the backends, as on every Mac, whatever they are; llama-bench's
 * default has been all of them since 2023.
 */
const allLayers = 99;

export const llamaBench: Tool = {
  owns: (columns) =>
    (speedColumns.some((name) => columns.has(name)) && columns.has("test")) ||
    columns.has("avg_ts") ||
    (columns.has("model_type") &&
      columns.has("n_prompt") &&
      columns.has("n_gen") &&
      !columns.has("prompt_tps")),
  piped: ["ot", "tensor_buft_overrides", "override_tensor", "model"],
  isRow: (fields) => !isDisplayed(fields) || (speedOf(fields) !== null && testOf(fields) !== null),
  read(row, around) {
    const told = isDisplayed(row.fields) ? printedRecord(row.fields) : ownRecord(row.fields);
    return [{ fields: withSurroundings(told, around) }];
  },
};

function isDisplayed(fields: Fields): boolean {
  return speedColumns.some((name) => name in fields);
}

/** `11992.70 ± 91.22`, with its unit where somebody wrote it. */
const speedCell = /^([\d.,]+)(?:\s*([^\w\s.,]{1,4})\s*([\d.,]+))?(?:\s*(?:t|tok(?:en)?s?)\/s)?$/iu;

/** `1 759,70` and `1'759.70`: what sets thousands apart, where decimals say that it is one number. */
const setApart = /(?<![\d.,])\d{1,3}(?:[ '’]\d{3})+(?=[.,]\d{1,2}(?!\d))/gu;

interface Speed {
  readonly mean: string;
  readonly spread: string | null;
}

function speedOf(fields: Fields): Speed | null {
  const cell = speedColumns.map((name) => textOf(fields[name])).find((text) => text !== null) ?? "";
  const [, mean = "", sign, spread = ""] =
    speedCell.exec(cell.replaceAll(setApart, (digits) => digits.replaceAll(/\D/gu, ""))) ?? [];
  if (sign !== undefined && !isPlusMinus(sign)) return null;
  const mark = decimalMarkOf([...Object.values(fields), spread]);
  const plainMean = plainNumber(mean, mark);
  return plainMean === null ? null : { mean: plainMean, spread: plainNumber(spread, mark) };
}

interface Lengths {
  readonly n_prompt: number;
  readonly n_gen: number;
  readonly n_depth: number;
}

const testCell = /^(?:pp ?(\d+))?(?: ?\+ ?)?(?:tg ?(\d+))?(?: ?@ ?d ?(\d+))?$/u;
/** ik_llama.cpp's generation behind a prompt that isn't timed. */
const behindPrompt = /^tg ?(\d+) ?@ ?pp ?(\d+)$/u;

function testOf(fields: Fields): Lengths | null {
  const text = (textOf(fields["test"]) ?? "").toLowerCase();
  const [, generated, prompt] = behindPrompt.exec(text) ?? [];
  if (generated !== undefined)
    return { n_prompt: 0, n_gen: Number(generated), n_depth: Number(prompt) };
  const [, read, written, depth] = testCell.exec(text) ?? [];
  if (read === undefined && written === undefined) return null;
  return { n_prompt: Number(read ?? 0), n_gen: Number(written ?? 0), n_depth: Number(depth ?? 0) };
}

/** @throws RowRefused where the speed or the test can't be read */
function printedRecord(fields: Fields): Fields {
  const speed = speedOf(fields);
  const lengths = testOf(fields);
  if (speed === null) {
    const cell = speedColumns.map((name) => textOf(fields[name])).find((text) => text !== null);
    throw new RowRefused(`t/s: expected a speed, got ${JSON.stringify(cell ?? "")}`);
  }
  if (lengths === null)
    throw new RowRefused(
      `test: expected pp512, tg128 or the like, got ${JSON.stringify(fields["test"])}`,
    );
  const others = Object.entries(fields).filter(
    ([name, value]) => !displayed.has(name) && !speedColumns.includes(name) && value !== "",
  );
  const told = named(others);
  const mark = decimalMarkOf(Object.values(fields));
  return {
    ...unprinted,
    ...unprintedLayers(fields),
    ...told,
    ...precisionOf(told),
    model_size: quantity(fields["size"], mark),
    model_n_params: quantity(fields["params"], mark),
    ...lengths,
    avg_ts: speed.mean,
    stddev_ts: speed.spread === null ? null : Math.max(Number(speed.spread), halfStep),
  };
}

function unprintedLayers(fields: Fields): Fields {
  const isPrinted = ["ngl", "n_gpu_layers"].some((name) => name in fields);
  const backends = textOf(fields["backend"])?.split(",") ?? [];
  const computesOnGpu =
    backends.includes("BLAS") && backends.some((name) => /^(?:MTL|Metal)$/u.test(name));
  return !isPrinted && computesOnGpu ? { n_gpu_layers: allLayers } : {};
}

function named(entries: readonly (readonly [string, unknown])[]): Fields {
  return Object.fromEntries(entries.map(([name, value]) => [fieldOf[name] ?? name, value]));
}

/** `3.56 GiB`, `6.74 B`: bytes, or parameters. */
function quantity(cell: unknown, mark: DecimalMark | null): number | null {
  const [, number, unit] = /^([\d.,]+) ?([KMGT]iB|[KMBT])$/u.exec(textOf(cell) ?? "") ?? [];
  const plain = plainNumber(number ?? "", mark);
  return plain === null ? null : Math.round(Number(plain) * (unitFactor[unit ?? ""] ?? 1));
}

/** Backends that builds before `backends` told by a flag each, as they named them; the first that is set computes. */
const flagged: readonly (readonly [flag: string, backend: string])[] = [
  ["cuda", "CUDA"],
  ["vulkan", "Vulkan"],
  ["kompute", "Kompute"],
  ["opencl", "OpenCL"],
  ["metal", "Metal"],
  ["sycl", "SYCL"],
  ["gpu_blas", "BLAS"],
  ["blas", "BLAS"],
];

/** As the row has them; those without a name number the rows, as pandas does. */
function ownRecord(fields: Fields): Fields {
  const entries = Object.entries(fields).filter(([name]) => !/^(?:|unnamed: \d+)$/iu.test(name));
  const told = named(entries.map(([name, value]) => [name, plainValue(name, value)]));
  const read = { ...backendsOf(told), ...precisionOf(told), ...untimedPrompt(told) };
  // What these say is told by other fields.
  const said = new Set(["test"]);
  if ("backends" in read) for (const [flag] of [...flagged, ["rpc"]]) said.add(flag ?? "");
  if ("type_k" in read) said.add("f16_kv");
  const others = Object.entries(told).filter(([name]) => !said.has(name));
  return { ...Object.fromEntries(others), ...read };
}

const textFields: ReadonlySet<string> = new Set([
  "build_commit",
  "cpu_info",
  "gpu_info",
  "backends",
  "model_filename",
  "model_type",
  "type_k",
  "type_v",
  "split_mode",
  "devices",
  "tensor_split",
  "tensor_buft_overrides",
  "load_mode",
  "test_time",
]);

/** Flags and numbers that went through another program: true is true in any of its languages, nan is no number. */
function plainValue(name: string, value: unknown): unknown {
  if (textFields.has(name)) return typeof value === "number" ? String(value) : value;
  if (typeof value !== "string") return value;
  const word = value.trim().toLowerCase();
  if (/^(?:true|wahr|vrai|verdadero|vero)$/u.test(word)) return true;
  if (/^(?:false|falsch|faux|falso)$/u.test(word)) return false;
  return /^-?(?:nan|inf)(?:\(.*\))?$/u.test(word) ? null : value;
}

function isSet(flag: unknown): boolean {
  const text = textOf(flag);
  return text !== null && /^(?:1|true)$/iu.test(text);
}

function backendsOf(fields: Fields): Fields {
  if (textOf(fields["backends"]) !== null || !flagged.some(([flag]) => flag in fields)) return {};
  const computing = flagged.find(([flag]) => isSet(fields[flag]))?.[1] ?? "CPU";
  // HIP's builds of those years set the flag of CUDA.
  const isHip =
    computing === "CUDA" && /\bAMD\b|Radeon|gfx\d/u.test(textOf(fields["gpu_info"]) ?? "");
  const remote = isSet(fields["rpc"]) ? ",RPC" : "";
  return { backends: `${isHip ? "ROCm" : computing}${remote}` };
}

/** 2023's single flag for the type of the whole cache. */
function precisionOf(fields: Fields): Fields {
  if (textOf(fields["type_k"]) !== null || textOf(fields["f16_kv"]) === null) return {};
  const type = isSet(fields["f16_kv"]) ? "f16" : "f32";
  return { type_k: type, type_v: type };
}

function untimedPrompt(fields: Fields): Fields {
  const text = textOf(fields["test"]) ?? "";
  return behindPrompt.test(text) ? { ...testOf(fields) } : {};
}
