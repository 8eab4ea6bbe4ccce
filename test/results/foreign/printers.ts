/**
 * Writes results as llama-bench prints them: a printer a format, after csv_printer, json_printer, jsonl_printer,
 * markdown_printer and sql_printer of tools/llama-bench/llama-bench.cpp, llama.cpp v0.4.0.
 */

/** test::get_fields, with get_field_type. */
const fieldTypes = {
  build_commit: "text",
  build_number: "int",
  cpu_info: "text",
  gpu_info: "text",
  backends: "text",
  model_filename: "text",
  model_type: "text",
  model_size: "int",
  model_n_params: "int",
  n_batch: "int",
  n_ubatch: "int",
  n_threads: "int",
  cpu_mask: "text",
  cpu_strict: "bool",
  poll: "int",
  type_k: "text",
  type_v: "text",
  n_gpu_layers: "int",
  n_cpu_moe: "int",
  split_mode: "text",
  main_gpu: "int",
  no_kv_offload: "bool",
  flash_attn: "int",
  devices: "text",
  tensor_split: "text",
  tensor_buft_overrides: "text",
  load_mode: "text",
  lazy_mode: "text",
  embeddings: "bool",
  no_op_offload: "int",
  no_host: "bool",
  fit_target: "int",
  fit_min_ctx: "int",
  n_prompt: "int",
  n_gen: "int",
  n_depth: "int",
  test_time: "text",
  avg_ns: "int",
  stddev_ns: "int",
  avg_ts: "float",
  stddev_ts: "float",
} as const;

export type Field = keyof typeof fieldTypes;
export const fields = Object.keys(fieldTypes) as readonly Field[];

/** A test as it stands in memory, samples aside. */
export type Test = Readonly<Record<Field, string | number>> & {
  readonly samples_ns: readonly number[];
};

export function samplesTs({ samples_ns, n_prompt, n_gen }: Test): number[] {
  const tokens = Number(n_prompt) + Number(n_gen);
  return samples_ns.map((ns) => (1e9 * tokens) / ns);
}

/** test::get_values: std::to_string, so that flags are 0 and 1 and speeds have six decimals. */
function valueOf(test: Test, field: Field): string {
  const value = test[field];
  return fieldTypes[field] === "float" ? Number(value).toFixed(6) : String(value);
}

/** What a stream prints of a double: six significant digits. */
function streamed(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function jsonValue(test: Test, field: Field): string {
  const value = valueOf(test, field);
  const type = fieldTypes[field];
  if (type === "text") return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  if (type === "bool") return value === "0" ? "false" : "true";
  return value;
}

function csv(tests: readonly Test[]): string {
  const rows = tests.map((test) =>
    fields.map((field) => `"${valueOf(test, field).replaceAll('"', '""')}"`).join(","),
  );
  return [fields.join(","), ...rows, ""].join("\n");
}

function json(tests: readonly Test[]): string {
  const objects = tests.map((test) => {
    const lines = fields.map((field) => `    "${field}": ${jsonValue(test, field)},\n`).join("");
    const ns = `    "samples_ns": [ ${test.samples_ns.join(", ")} ],\n`;
    const ts = `    "samples_ts": [ ${samplesTs(test).map(streamed).join(", ")} ]\n`;
    return `  {\n${lines}${ns}${ts}  }`;
  });
  return `[\n${objects.join(",\n")}\n]\n`;
}

function jsonl(tests: readonly Test[]): string {
  const objects = tests.map((test) => {
    const told = fields.map((field) => `"${field}": ${jsonValue(test, field)}, `).join("");
    const ns = `"samples_ns": [ ${test.samples_ns.join(", ")} ],`;
    const ts = `"samples_ts": [ ${samplesTs(test).map(streamed).join(", ")} ]`;
    return `{${told}${ns}${ts}}\n`;
  });
  return objects.join("");
}

const sqlTypes = { text: "TEXT", bool: "INTEGER", int: "INTEGER", float: "REAL" } as const;

function sql(tests: readonly Test[]): string {
  const columns = fields.map((field) => `  ${field} ${sqlTypes[fieldTypes[field]]}`).join(",\n");
  const rows = tests.map((test) => {
    const values = fields.map((field) => `'${valueOf(test, field)}'`).join(", ");
    return `INSERT INTO llama_bench (${fields.join(", ")}) VALUES (${values});\n`;
  });
  return `CREATE TABLE IF NOT EXISTS llama_bench (\n${columns}\n);\n\n${rows.join("")}`;
}

/** Columns that stand in a table only where they differ from the default, with the name and width they have there. */
const shown = [
  ["n_cpu_moe", "n_cpu_moe", 10, 0],
  ["n_threads", "threads", 7, 8],
  ["cpu_mask", "cpu_mask", -10, "0x0"],
  ["cpu_strict", "cpu_strict", 10, 0],
  ["poll", "poll", 10, 50],
  ["n_batch", "n_batch", 7, 2048],
  ["n_ubatch", "n_ubatch", 8, 512],
  ["type_k", "type_k", 6, "f16"],
  ["type_v", "type_v", 6, "f16"],
  ["main_gpu", "main_gpu", 10, 0],
  ["split_mode", "sm", 6, "layer"],
  ["no_kv_offload", "nkvo", 13, 0],
  ["flash_attn", "fa", 3, -1],
  ["devices", "dev", -12, "auto"],
  ["tensor_split", "ts", -12, "0.00"],
  ["tensor_buft_overrides", "ot", -21, "none"],
  ["load_mode", "lm", 10, "auto"],
  ["lazy_mode", "lazy_mode", -10, "auto"],
  ["embeddings", "embd", 10, 0],
  ["no_op_offload", "nopo", 4, 0],
  ["no_host", "noh", 4, 0],
  ["fit_target", "fitt", 10, 0],
  ["fit_min_ctx", "fitc", 11, 0],
] as const satisfies readonly (readonly [Field, string, number, string | number])[];

/** Fields that a table of these tests has columns for, in their order. */
export function tableFields(tests: readonly Test[]): Field[] {
  const onCpu = tests.some(({ backends }) => /CPU|BLAS|ZenDNN/u.test(String(backends)));
  const differing = shown.filter(
    ([field, , , usual]) =>
      tests.some((test) => test[field] !== usual) || (onCpu && field === "n_threads"),
  );
  return [...(onCpu ? [] : (["n_gpu_layers"] as const)), ...differing.map(([field]) => field)];
}

function padded(text: string, width: number): string {
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}

function testNameOf({ n_prompt, n_gen, n_depth }: Test): string {
  const pp = Number(n_prompt) > 0 ? `pp${n_prompt}` : "";
  const tg = Number(n_gen) > 0 ? `tg${n_gen}` : "";
  return `${pp}${pp !== "" && tg !== "" ? "+" : ""}${tg}${Number(n_depth) > 0 ? ` @ d${n_depth}` : ""}`;
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 30
    ? `${(bytes / 2 ** 20).toFixed(2)} MiB`
    : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

function parametersText(count: number): string {
  return count < 1e9 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e9).toFixed(2)} B`;
}

function md(tests: readonly Test[]): string {
  const [first] = tests;
  const columns: (readonly [name: string, width: number, (test: Test) => string])[] = [
    ["model", -30, ({ model_type }) => String(model_type)],
    ["size", 10, ({ model_size }) => sizeText(Number(model_size))],
    ["params", 10, ({ model_n_params }) => parametersText(Number(model_n_params))],
    ["backend", -10, ({ backends }) => String(backends)],
    ...tableFields(tests).map((field) => {
      const [, name, width] = shown.find(([known]) => known === field) ?? [field, "ngl", 3];
      return [name, width, (test: Test) => valueOf(test, field)] as const;
    }),
    ["test", 15, testNameOf],
    [
      "t/s",
      20,
      ({ avg_ts, stddev_ts }) => `${Number(avg_ts).toFixed(2)} ± ${Number(stddev_ts).toFixed(2)}`,
    ],
  ];
  const header = columns.map(([name, width]) => ` ${padded(name, width)} |`).join("");
  const rule = columns
    .map(([, width]) => ` ${"-".repeat(Math.abs(width) - 1)}${width > 0 ? ":" : "-"} |`)
    .join("");
  const rows = tests.map(
    (test) => `|${columns.map(([, width, text]) => ` ${padded(text(test), width)} |`).join("")}`,
  );
  const build = `build: ${first?.build_commit ?? ""} (${first?.build_number ?? ""})`;
  return `${[`|${header}`, `|${rule}`, ...rows, "", build].join("\n")}\n`;
}

export const printers = { csv, json, jsonl, md, sql } as const;
export type Format = keyof typeof printers;
export const formats = Object.keys(printers) as readonly Format[];
