import { describe, expect, it } from "vitest";
import { measured, runLine, unmeasured } from "../results/journals.ts";
import { reportText } from "./reportText.ts";

const { plan: _, ...run } = runLine;

/** In llama-bench's own order (test::get_fields, tools/llama-bench/llama-bench.cpp, llama.cpp v0.4.0). */
const fields = (
  "build_commit build_number cpu_info gpu_info backends model_filename model_type model_size " +
  "model_n_params n_batch n_ubatch n_threads cpu_mask cpu_strict poll type_k type_v n_gpu_layers " +
  "n_cpu_moe split_mode main_gpu no_kv_offload flash_attn devices tensor_split " +
  "tensor_buft_overrides load_mode lazy_mode embeddings no_op_offload no_host fit_target " +
  "fit_min_ctx n_prompt n_gen n_depth test_time avg_ns stddev_ns avg_ts stddev_ts"
).split(" ");

/** Values of a row by their fields; null for NULL. */
function rowOf(line: string): Record<string, string | null> {
  const [, names = "", values = ""] =
    /^INSERT INTO llama_bench \((.*?)\) VALUES \((.*)\);$/.exec(line) ?? [];
  const read = [...values.matchAll(/(NULL)|'((?:[^']|'')*)'/g)].map(([, none, text]) =>
    none === undefined ? (text ?? "").replaceAll("''", "'") : null,
  );
  return Object.fromEntries(names.split(", ").map((name, index) => [name, read[index] ?? null]));
}

function rows(...cases: (typeof measured)[]): string[] {
  return reportText("sql", cases, { runs: [run] })
    .split("\n")
    .filter((line) => /^INSERT|^--/.test(line));
}

describe("SQL", () => {
  it("makes llama-bench's table, and fills each of its fields", () => {
    const text = reportText("sql", [measured], { runs: [run] });
    const [, body = ""] =
      /^CREATE TABLE IF NOT EXISTS llama_bench \(\n(.*?)\n\);\n\n/s.exec(text) ?? [];
    const columns = body.split(",\n").map((line) => line.trim().split(" "));
    expect(columns.map(([name]) => name)).toEqual(fields);
    expect(new Set(columns.map(([, type]) => type))).toEqual(new Set(["TEXT", "INTEGER", "REAL"]));
    expect(Object.keys(rowOf(rows(measured)[0] ?? ""))).toEqual(fields);
  });

  it("says what llama-bench would have said of the row, defaults included", () => {
    const row = rowOf(rows(measured)[0] ?? "");
    expect(row).toMatchObject({
      build_commit: "abc1234",
      backends: "MTL",
      model_type: "llama 7B Q4_0",
      n_gpu_layers: "33",
      flash_attn: "1",
      devices: "auto",
      tensor_buft_overrides: "none",
      load_mode: "mmap",
      lazy_mode: "auto",
      cpu_mask: "0x0",
      poll: "50",
      no_op_offload: "0",
      fit_target: "0",
    });
    expect(row["avg_ns"]).toMatch(/^\d+$/);
    expect(row["avg_ts"]).toMatch(/^\d+\.\d{6}$/);
  });

  it("has settings that aren't llama-bench's defaults", () => {
    const other_settings = ["poll=0", "no_host=1"];
    const changed = { ...measured, devices: "MTL0", tensor_overrides: "exps=CPU", other_settings };
    expect(rowOf(rows(changed)[0] ?? "")).toMatchObject({
      devices: "MTL0",
      tensor_buft_overrides: "exps=CPU",
      poll: "0",
      no_host: "1",
    });
  });

  it("keeps quotes in names, and says NULL where nothing is known", () => {
    const row = rowOf(
      rows({ ...measured, model_filename: "it's.gguf", model_size: null })[0] ?? "",
    );
    expect(row).toMatchObject({ model_filename: "it's.gguf", model_size: null });
  });

  it("names what was not measured in a comment, and drops nothing", () => {
    expect(rows(measured, unmeasured({}))).toEqual([
      expect.stringMatching(/^INSERT/),
      expect.stringMatching(/^-- \S+ \S+ \S+: skipped$/),
    ]);
  });
});
