/**
 * llama-bench's Markdown tables as its records.
 *
 * The table prints what differs from the defaults and rounds: sizes and parameters to two decimals of their unit, t/s and
 * its standard deviation to two decimals (markdown_printer, tools/llama-bench/llama-bench.cpp, llama.cpp v0.4.0).
 */

/** Names that the table prints for llama-bench's fields. */
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
  mg: "main_gpu",
};

/** A printed ± 0.00 says "below half a hundredth"; that bound is kept, since 0 would claim no spread at all. */
const halfStep = 0.005;

const unitFactor: Readonly<Record<string, number>> = {
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  M: 1e6,
  B: 1e9,
};

/** Defaults of all llama-bench builds, which the table leaves out. */
const unprinted = { type_k: "f16", type_v: "f16" };

type Cells = readonly string[];

/**
 * Records of all llama-bench tables in `text`, each with its `build:` line and the GPUs named above it. A row that can't
 * be read has the texts of its cells, for the schema to refuse.
 */
export function markdownRecords(text: string): Record<string, unknown>[] {
  const records: Record<string, unknown>[] = [];
  let header: Cells | null = null;
  let withoutBuild: Record<string, unknown>[] = [];
  let gpus: string[] = [];
  const lines = text.split(/\r?\n/);
  for (const [at, line] of lines.entries()) {
    const cells = cellsOf(line);
    if (cells === null) {
      const build = /^\s*build:\s*(\w+)\s*\((\d+)\)/.exec(line);
      if (build) {
        for (const record of withoutBuild)
          Object.assign(record, { build_commit: build[1], build_number: build[2] });
        withoutBuild = [];
        gpus = [];
      }
      const gpu = gpuNamed(line);
      if (gpu !== null) gpus.push(gpu);
      continue;
    }
    if (cells.includes("test") && cells.includes("t/s")) header = cells;
    else if (isRule(cellsOf(lines[at + 1] ?? ""))) header = null;
    else if (header !== null && !isRule(cells)) {
      const record = recordOf(header, cells, gpus);
      records.push(record);
      withoutBuild.push(record);
    }
  }
  return records;
}

/** The line below a table's header. */
function isRule(cells: Cells | null): boolean {
  return cells !== null && cells.every((cell) => /^:?-+:?$/.test(cell));
}

function cellsOf(line: string): Cells | null {
  const trimmed = line.trim();
  if (!trimmed.startsWith("|")) return null;
  return trimmed
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** What ggml's backends print of each device before the table (ggml_cuda_init, ggml_metal_device_init). */
function gpuNamed(line: string): string | null {
  const cuda = /^\s*Device \d+: (.+?), compute capability/.exec(line);
  const metal = /GPU name:\s+(Apple .+?)\s*$/.exec(line);
  return cuda?.[1] ?? metal?.[1] ?? null;
}

/** `11992.70 ± 91.22`; what stands for the sign in a file that went through another encoding isn't looked at. */
const speedCell = /^([\d.]+)(?:\s*[^\w\s.]{1,4}\s*([\d.]+))?$/;
const testCell = /^(?=pp|tg)(?:pp ?(\d+))?\+?(?:tg ?(\d+))?(?: @ d(\d+))?$/;

function recordOf(header: Cells, cells: Cells, gpus: readonly string[]): Record<string, unknown> {
  const cell = (name: string) => cells[header.indexOf(name)];
  const [, speed, spread] = speedCell.exec(cell("t/s") ?? "") ?? [];
  const test = testCell.exec(cell("test") ?? "");
  const others = header.flatMap((name, i) => {
    const value = cells[i];
    return value === undefined || ["size", "params", "test", "t/s"].includes(name)
      ? []
      : [[fieldOf[name] ?? name, value] as const];
  });
  return {
    ...unprinted,
    ...Object.fromEntries(others),
    model_size: quantity(cell("size")),
    model_n_params: quantity(cell("params")),
    gpu_info: gpus.join(", "),
    n_prompt: test === null ? cell("test") : (test[1] ?? 0),
    n_gen: test?.[2] ?? 0,
    n_depth: test?.[3] ?? 0,
    avg_ts: speed ?? cell("t/s"),
    stddev_ts: spread === undefined ? null : Math.max(Number(spread), halfStep),
  };
}

function quantity(text: string | undefined): number | null {
  const match = /^([\d.]+) (MiB|GiB|M|B)$/.exec(text ?? "");
  return match ? Math.round(Number(match[1]) * (unitFactor[match[2] ?? ""] ?? 1)) : null;
}
