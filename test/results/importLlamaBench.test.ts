import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { LlmbenchError } from "../../src/errors.ts";
import { importForeign } from "../../src/results/foreign/importForeign.ts";
import type { ImportContext } from "../../src/results/importCase.ts";
import { reportedRowSchema } from "../../src/results/row.ts";
import { rowOf } from "../../src/results/rowOf.ts";

const context: ImportContext = {
  fallbackMachine: "my-box",
  knownModels: [
    { id: "toy-4m", nParams: 4_196_608, nLayers: 8 },
    { id: "llama-2-7b", nParams: 6_738_415_616, nLayers: 32 },
    { id: "llama-2-70b", nParams: 68_976_648_192, nLayers: 80 },
  ],
};

/** Printed by llama-bench of llama.cpp v0.4.0: `-p 64 -n 16 -d 0,32 -pg 32,8 -r 3 -t 2 -o FORMAT`. */
function printed(format: string): string {
  const path = fileURLToPath(new URL(`llamaBench/toy.${format}`, import.meta.url));
  return readFileSync(path, "utf8");
}

const formats = ["json", "jsonl", "csv", "md"] as const;

const imported = (text: string) => importForeign(text, "bench.txt", context);
const read = (text: string) => imported(text)?.cases.map(({ record }) => rowOf(record)) ?? null;
const only = (text: string) => {
  const [row] = read(text) ?? [];
  if (row === undefined) throw new Error("no row");
  return row;
};

describe.each(formats)("llama-bench's %s", (format) => {
  it("reads as rows of ours, with llama-bench's names of tests", () => {
    const rows = read(printed(format)) ?? [];
    expect(rows.map(({ test }) => test)).toEqual([
      "pp64",
      "tg16",
      "pp32+tg8",
      "pp64 @ d32",
      "tg16 @ d32",
      "pp32+tg8 @ d32",
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({
        status: "measured",
        model: "toy-4m",
        quantization: "q4_0",
        backend: "cpu",
        build_commit: "5b4ebc5",
        n_threads: 2,
        type_k: "f16",
        weights: null,
      });
      expect(row.avg_ts).toBeGreaterThan(0);
      expect(reportedRowSchema.safeParse(row).success).toBe(true);
    }
  });

  it("counts repetitions where it prints samples, and not where it doesn't", () => {
    const counted = format === "json" || format === "jsonl" ? 3 : null;
    expect(read(printed(format))?.map(({ repetitions }) => repetitions)).toEqual(
      Array.from({ length: 6 }, () => counted),
    );
  });
});

const record = {
  build_commit: "4426e298",
  build_number: 2824,
  cpu_info: "AMD EPYC 7542 32-Core Processor",
  gpu_info: "NVIDIA GeForce RTX 4090, NVIDIA GeForce RTX 4090",
  backends: "CUDA",
  model_filename: "models/Meta-Llama-3-70B-Instruct.Q4_K_M.gguf",
  model_type: "llama 70B Q4_K - Medium",
  model_size: 42511540224,
  model_n_params: 70553706496,
  n_batch: 2048,
  n_gpu_layers: 99,
  flash_attn: false,
  n_prompt: 0,
  n_gen: 128,
  test_time: "2024-05-09T00:00:00Z",
  avg_ns: 1,
  stddev_ns: 1,
  avg_ts: 19.06,
  stddev_ts: 0.02,
  a_column_of_next_year: true,
};
const json = (overrides: object) => only(JSON.stringify([{ ...record, ...overrides }]));

describe("a record", () => {
  it("of a newer build may have columns that nobody knows yet, and of an older one lack some", () => {
    expect(json({})).toMatchObject({ engine_version: "b2824", n_depth: 0, no_kv_offload: null });
  });

  it("names its machine after the GPUs, the CPU, or the file", () => {
    expect(json({}).machine).toBe("2x-rtx-4090");
    expect(json({ gpu_info: "Apple M3 Max" }).machine).toBe("m3-max");
    expect(json({ gpu_info: "" }).machine).toBe("epyc-7542");
    expect(json({ gpu_info: "", cpu_info: "" }).machine).toBe("my-box");
  });

  it.each([
    ["llama-2-7b.Q4_0.gguf", "llama-2-7b"],
    ["Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", "llama-3.1-8b"],
    ["C:\\models\\Llama-3.3-70B-Instruct-IQ2_M-00001-of-00002.gguf", "llama-3.3-70b"],
    ["tinyllama-1.1b-chat-v1.0.Q8_0.gguf", "tinyllama-1.1b"],
    ["Mistral-Small-24B-Instruct-2501-Q4_K_M.gguf", "mistral-small-24b"],
    ["Qwen3-30B-A3B-Q4_K_M.gguf", "qwen3-30b-a3b"],
    ["gemma-2-9b-it-Q6_K.gguf", "gemma-2-9b-it"],
  ])("of %s is of %s", (model_filename, model) => {
    expect(json({ model_filename, model_n_params: null }).model).toBe(model);
  });

  it("of a file of llmbench's making is of its model, with synthetic weights", () => {
    const made = "~/.cache/llmbench/synthetic/qwen3-30b-a3b.q4_0.synthetic-fd4659fbe7cc.gguf";
    expect(json({ model_filename: made, model_n_params: null })).toMatchObject({
      model: "qwen3-30b-a3b",
      weights: "synthetic",
    });
    expect(json({ model_filename: "synthetic-b.gguf" }).weights).toBeNull();
  });

  it("of a name that says nothing is told by its number of parameters", () => {
    const size = { model_n_params: 6_738_415_616, model_type: "llama 7B Q4_0" };
    expect(json({ ...size, model_filename: "models/7B/ggml-model-q4_0.gguf" }).model).toBe(
      "llama-2-7b",
    );
    expect(json({ ...size, model_filename: null }).model).toBe("llama-2-7b");
  });

  it("of a known name and another shape keeps a name of its own", () => {
    const pruned = { model_filename: "llama-2-7b-pruned.gguf", model_n_params: 3e9 };
    expect(json(pruned).model).toBe("llama-2-7b-pruned");
  });

  it.each([
    ["llama 7B Q4_K - Medium", "q4_k_m"],
    ["llama 7B mostly Q4_0", "q4_0"],
    ["llama 7B all F32", "f32"],
    ["llama 7B F16", "f16"],
    ["llama 70B IQ2_M - 2.7 bpw", "iq2_m"],
    ["llama 70B IQ3_S mix - 3.66 bpw", "iq3_m"],
    ["llama 7B (guessed) Q8_0", "q8_0"],
    ["gpt-oss 20B MXFP4 MoE", "mxfp4_moe"],
    ["bitnet 3B TQ1_0 - 1.69 bpw ternary", "tq1_0"],
  ])("%s is %s", (model_type, quantization) => {
    expect(json({ model_type }).quantization).toBe(quantization);
  });

  it.each([
    [{ backends: "MTL,BLAS" }, "metal"],
    [{ backends: "BLAS" }, "cpu"],
    [{ backends: "Vulkan" }, "vulkan"],
    [{ backends: undefined, cuda: true }, "cuda"],
    [{ backends: "ROCm" }, "rocm"],
    [{ backends: "SYCL" }, "sycl"],
    [{ backends: "OpenCL" }, "opencl"],
    [{ backends: "RPC,CUDA" }, "cuda"],
    [{ backends: "RPC" }, "rpc"],
    [{ backends: "ZenDNN" }, "cpu"],
    [{ backends: "Hexagon" }, null],
  ])("of %j computes on %s", (backends, backend) => {
    expect(json(backends).backend).toBe(backend);
  });

  it("of all layers has as many as the model, with the output", () => {
    const seven = { model_filename: "llama-2-7b.gguf", model_n_params: null };
    expect(json({ ...seven, n_gpu_layers: -1 })).toMatchObject({ n_layers: 32, n_gpu_layers: 33 });
    expect(json({ ...seven, n_gpu_layers: 20 }).n_gpu_layers).toBe(20);
    // Not in the catalogue, and 80 layers by llama.cpp's name for it.
    expect(json({ n_gpu_layers: 99 })).toMatchObject({ n_layers: 80, n_gpu_layers: 81 });
    expect(json({ model_type: "llama ?B Q8_0", n_gpu_layers: 99 }).n_gpu_layers).toBe(99);
  });

  it("with one sample has no spread, though llama-bench prints 0 for it", () => {
    expect(json({ samples_ts: [19], stddev_ts: 0 }).stddev_ts).toBeNull();
  });

  it("left to choose flash attention doesn't say what was chosen", () => {
    expect(json({ flash_attn: -1 }).flash_attn).toBeNull();
    expect(json({ flash_attn: true }).flash_attn).toBe(1);
  });
});

describe("a Markdown table", () => {
  const table = `ggml_cuda_init: found 1 CUDA devices:
  Device 0: NVIDIA GeForce RTX 4090, compute capability 8.9, VMM: yes
| model                          |       size |     params | backend    | ngl | fa | test       |              t/s |
| ------------------------------ | ---------: | ---------: | ---------- | --: | -: | ---------- | ---------------: |
| llama 7B Q4_0                  |   3.56 GiB |     6.74 B | CUDA       |  99 |  1 | pp 512     | 11992.70 ± 91.22 |
| llama 7B Q4_0                  |   3.56 GiB |     6.74 B | CUDA       |  99 |  1 | tg 128     |    186.21 ± 0.00 |

build: 2241453 (5600)
`;

  it("of any age gives speed, spread, build and the GPU named above it", () => {
    expect(read(table)).toMatchObject([
      { model: "llama-2-7b", test: "pp512", avg_ts: 11992.7, stddev_ts: 91.22, flash_attn: 1 },
      { test: "tg128", engine_version: "b5600", build_commit: "2241453", machine: "rtx-4090" },
    ]);
  });

  it("that prints ± 0.00 bounds the spread by what it rounds to", () => {
    expect(read(table)?.at(-1)?.stddev_ts).toBe(0.005);
  });

  it("of something else is none of llama-bench's", () => {
    expect(read("| a | b |\n| - | - |\n| 1 | 2 |\n")).toBeNull();
    expect(read("")).toBeNull();
    expect(read("hello")).toBeNull();
  });
});

describe("what stands around the records", () => {
  it.each(formats)("does no harm to %s where it is a log before them", (format) => {
    const log = "[1] loading\n[2024-05-09 12:00] {cuda} ready\nggml_cuda_init: found 1 device\n";
    expect(read(log + printed(format))).toEqual(read(printed(format)));
  });

  it("is a byte order mark where files were put together", () => {
    const twice = `${printed("jsonl")}\uFEFF${printed("jsonl")}`;
    expect(read(twice)).toHaveLength(12);
  });

  it("are tables of something else, in Markdown", () => {
    const other = "| a | b |\n| --- | --- |\n| 1 | 2 |\n";
    expect(read(other + printed("md") + other)).toEqual(read(printed("md")));
  });
});

const without = (from: RegExp | string, to: string) =>
  imported(printed("md").replace(from, to))?.leftOut;

describe("a record that can't be read", () => {
  it("is none behind a text on its line", () => {
    const behindLog = printed("jsonl").replace("\n{", "\nllama_context: {");
    expect(read(behindLog)).toEqual(read(printed("jsonl")));
  });

  it("is named where an array is cut off, and those before it are read", () => {
    const cut = printed("json").split('"samples_ns"')[0] ?? "";
    const { cases, read: count, leftOut } = imported(printed("json") + cut) ?? {};
    expect(cases).toHaveLength(6);
    expect(count).toBe(6);
    const line = printed("json").split("\n").length + 1;
    expect(leftOut).toEqual([
      { place: `line ${line}`, reason: "the record is cut off before its end" },
    ]);
  });

  it("is none beside a log among the rows of csv", () => {
    const lines = printed("csv").split("\n");
    const withLog = lines.toSpliced(3, 0, "ggml_cuda_init: done").join("\n");
    expect(read(withLog)).toEqual(read(printed("csv")));
  });

  it("is named where a row of csv is cut off", () => {
    const { read: count, leftOut } = imported(printed("csv").trimEnd().slice(0, -40)) ?? {};
    expect(count).toBe(5);
    expect(leftOut).toEqual([
      { place: "line 7", reason: expect.stringMatching(/^\d+ cells where/) },
    ]);
  });

  it("is named in a Markdown table, with what stands there", () => {
    expect(without(/[\d.]+ ± [\d.]+/, "OOM")).toEqual([
      { place: "line 3", reason: 't/s: expected a speed, got "OOM"' },
    ]);
    expect(without("pp64 ", "read ")).toEqual([
      { place: "line 3", reason: 'test: expected pp512, tg128 or the like, got "read"' },
    ]);
  });

  it("is none whose ± went through another code page, as in a Windows console", () => {
    expect(read(printed("md").replaceAll("±", "┬▒"))).toEqual(read(printed("md")));
  });

  it("is one without speed", () => {
    for (const [avg, got] of [
      [0, "0"],
      [-1, "-1"],
    ])
      expect(() => json({ avg_ts: avg })).toThrow(
        `bench.txt: record 1: avg_ts: expected more than 0, got ${got}`,
      );
  });
});

describe("damaged output", () => {
  it("is refused where nothing of it can be read, in one line that says where", () => {
    const cut = printed("json").slice(0, 600);
    expect(() => read(cut)).toThrow(LlmbenchError);
    expect(() => read(cut)).toThrow(/^bench\.txt: line 2: the record is cut off before its end$/);
    const odd = JSON.stringify([{ ...record, avg_ts: "fast" }]);
    expect(() => read(odd)).toThrow(/^bench\.txt: record 1: avg_ts: /);
  });
});
