import { describe, expect, it } from "vitest";
import { importForeign } from "../../../src/results/foreign/importForeign.ts";
import { context, cuda, reading } from "./reading.ts";

const log = `build: 7900 (5c0e946) with cc (Debian 12.2.0) for x86_64-linux-gnu
${cuda("NVIDIA GeForce RTX 4090")}llama_model_loader: loaded meta data with 33 key-value pairs and 291 tensors from /models/llama-2-7b.Q4_0.gguf (version GGUF V3 (latest))
print_info: file type   = Q4_0
print_info: file size   = 3.56 GiB (4.54 BPW)
print_info: arch             = llama
print_info: model type       = 7B
print_info: model params     = 6.74 B
`;

function speeds(text: string): (readonly [string, number | null])[] {
  return reading(text).told.map(({ test, speed }) => [test, speed]);
}

const settings =
  "main: n_kv_max = 16384, n_batch = 2048, n_ubatch = 512, flash_attn = 1, is_pp_shared = 0, is_tg_separate = 0, n_gpu_layers = 99, n_threads = 8, n_threads_batch = 16\n\n";

const batchedLine = (pl: number) =>
  `{"n_kv_max": 2048, "n_batch": 2048, "n_ubatch": 512, "flash_attn": 0, "is_pp_shared": 0, "n_gpu_layers": 99, "n_threads": 8, "n_threads_batch": 8, "pp": 128, "tg": 128, "pl": ${pl}, "n_kv": ${256 * pl}, "t_pp": 0.233810, "speed_pp": 547.453064, "t_tg": 3.503684, "speed_tg": 36.532974, "t": 3.737494, "speed": 68.495094}\n`;

describe("llama-batched-bench", () => {
  const header = `|    PP |     TG |    B |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |      T s |    S t/s |
|-------|--------|------|--------|----------|----------|----------|----------|----------|----------|
`;
  const one =
    "|   128 |    128 |    1 |    256 |    0.108 |  1186.64 |    3.079 |    41.57 |    3.187 |    80.32 |\n";
  const eight =
    "|   128 |    128 |    8 |   2048 |    0.751 |  1363.27 |    7.344 |   139.43 |    8.095 |   252.99 |\n";

  it("tells the speeds of all sequences together, behind their prompts", () => {
    expect(speeds(log + settings + header + one + eight)).toEqual([
      ["pp128", 1186.64],
      ["tg128 @ d128", 41.57],
      ["pp128+tg128", 80.32],
      ["pp128 x8", 1363.27],
      ["tg128 @ d128 x8", 139.43],
      ["pp128+tg128 x8", 252.99],
    ]);
  });

  it("is of the model, machine and build that its log names", () => {
    const { told, read } = reading(log + settings + header + one);
    expect(read).toBe(1);
    for (const row of told)
      expect(row).toMatchObject({
        model: "llama-2-7b",
        quantization: "q4_0",
        machine: "rtx-4090",
        backend: "cuda",
        build: "5c0e946",
        gpuLayers: 33,
      });
  });

  it("whose sequences share their prompt computes something else, which is set against nothing", () => {
    const shared = eight.replace("2048", "1152").replace(" 0.751 |  1363.27", " 0.108 |  1186.64");
    const told = [
      ["pp128", 1186.64],
      ["llama-batched-bench tg128 @ d128 x8 with a shared prompt", 139.43],
      ["llama-batched-bench pp128+tg128 x8 with a shared prompt", 252.99],
    ];
    expect(speeds(header + shared)).toEqual(told);
    expect(
      speeds(settings.replace("is_pp_shared = 0", "is_pp_shared = 1") + header + shared),
    ).toEqual(told);
    expect(reading(header + shared).told.map(({ kind }) => kind)).toEqual([
      "prompt",
      "unknown",
      "unknown",
    ]);
  });

  it("that generates one sequence after the other does, too", () => {
    const separate = settings.replace("is_tg_separate = 0", "is_tg_separate = 1");
    expect(reading(separate + header + eight).told.map(({ kind }) => kind)).toEqual([
      "prompt",
      "unknown",
      "unknown",
    ]);
  });

  it("tells the same as JSON lines", () => {
    expect(reading(batchedLine(1) + batchedLine(2))).toMatchObject({ read: 2, leftOut: [] });
    expect(speeds(batchedLine(2)).map(([test]) => test)).toEqual([
      "pp128 x2",
      "tg128 @ d128 x2",
      "pp128+tg128 x2",
    ]);
  });

  it("that generated nothing tells its prompts alone", () => {
    const prompts =
      "|   128 |      0 |    1 |    128 |    0.108 |  1186.64 |    0.000 |     -nan |    0.108 |  1186.64 |\n";
    expect(speeds(header + prompts)).toEqual([["pp128", 1186.64]]);
  });

  it("without a line that names its model is of one that no other file has", () => {
    const found = importForeign(header + one, "a/bench.md", context);
    const other = importForeign(header + one, "b/bench.md", context);
    expect(found?.nameless).toBe(1);
    expect(found?.cases[0]?.record.model.id).not.toBe(other?.cases[0]?.record.model.id);
  });

  it("is read where a terminal broke its lines", () => {
    const text = header + one;
    for (const width of [40, 60, 80, 100, 101]) {
      const broken = text.replaceAll(new RegExp(`(.{${width}})(?=.)`, "gu"), "$1\n");
      expect([width, speeds(broken)]).toEqual([width, speeds(text)]);
    }
  });

  it("has a row that can't be read named", () => {
    expect(reading(header + one + eight.replace("139.43", "    x "))).toMatchObject({
      read: 1,
      leftOut: [{ place: "line 4", reason: expect.stringContaining("speed_tg") as string }],
    });
  });
});

describe("llama-sweep-bench", () => {
  const command = "$ ./llama-sweep-bench -c 8704 -ub 512 -m models/llama-2-7b-Q4_0.gguf\n";
  const table = `|    PP |     TG |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |
|-------|--------|--------|----------|----------|----------|----------|
|   512 |    128 |      0 |    1.100 |   465.51 |    2.311 |    55.38 |
|   512 |    128 |    512 |    1.183 |   432.97 |    1.895 |    67.55 |
`;

  it("tells each window's speeds at the depth that it stands at", () => {
    expect(speeds(table)).toEqual([
      ["pp512", 465.51],
      ["tg128", 55.38],
      ["pp512 @ d512", 432.97],
      ["tg128 @ d512", 67.55],
    ]);
  });

  it("is of another engine, and of the model on its command line", () => {
    expect(reading(command + table)).toMatchObject({ read: 2, leftOut: [] });
    expect(reading(command + table).told[0]).toMatchObject({
      engine: "ik_llama.cpp",
      model: "llama-2-7b",
      quantization: "q4_0",
    });
  });

  it("tells the same as JSON lines", () => {
    const line = `{"n_kv_max": 8704, "n_batch": 2048, "n_ubatch": 512, "flash_attn": 0, "n_gpu_layers": -1, "n_threads": 32, "n_threads_batch": 32, "pp": 512, "tg": 128, "n_kv": 512, "t_pp": 1.169302, "speed_pp": 437.868073, "t_tg": 1.897474, "speed_tg": 67.458099 }\n`;
    expect(speeds(line)).toEqual([
      ["pp512 @ d512", 437.868073],
      ["tg128 @ d512", 67.458099],
    ]);
  });
});

describe("LocalScore", () => {
  const result = {
    build_commit: "a1b2c3d",
    build_number: 1500,
    model_name: "Llama 2 7B",
    model_quant_str: "Q4_0",
    model_params_str: "7B",
    model_filename: "llama-2-7b.Q4_0.gguf",
    model_type: "llama 7B Q4_0",
    model_size: 3_825_065_984,
    model_n_params: 6_738_415_616,
    n_prompt: 1024,
    n_gen: 16,
    test_time: "2025-05-01T00:00:00Z",
    avg_time_ms: 250.5,
    stddev_time_ms: 1.5,
    prompt_tps: 9000.5,
    prompt_tps_watt: 30.1,
    prompt_tps_stddev: 10.5,
    gen_tps: 150.2,
    gen_tps_watt: 0.5,
    gen_tps_stddev: 0.4,
    name: "pp1024+tg16",
    power_watts: 300,
    ttft_ms: 120.1,
    main_gpu: "0",
  };
  const saved = {
    runtime_info: { name: "llamafile", version: "0.9.3", commit: "a1b2c3d" },
    system_info: { cpu_name: "AMD Ryzen 9 7950X", ram_gb: 62.72 },
    accelerator_info: {
      name: "NVIDIA GeForce RTX 4090",
      manufacturer: "NVIDIA",
      memory_gb: 23.64,
      type: "GPU",
    },
    results: [{ ...result, samples_ns: [250_000_000, 260_000_000] }],
  };

  it("tells prompt, generation behind it, both under one clock, and the time to the first token as its own test", () => {
    const { told, read } = reading(JSON.stringify(saved, null, 2));
    expect(read).toBe(1);
    expect(told.map(({ test, speed }) => [test, speed])).toEqual([
      ["pp1024", 9000.5],
      ["tg16 @ d1024", 150.2],
      ["pp1024+tg16", (1040 / 0.25 + 1040 / 0.26) / 2],
      ["LocalScore ttft_ms pp1024+tg16", 120.1],
    ]);
    for (const row of told)
      expect(row).toMatchObject({
        machine: "rtx-4090",
        backend: "cuda",
        engine: "llamafile",
        gpuLayers: 33,
        model: "llama-2-7b",
      });
  });

  it("on a CPU has it for an accelerator", () => {
    const cpu = { ...saved, accelerator_info: { name: "AMD Ryzen 9 7950X", type: "CPU" } };
    expect(reading(JSON.stringify(cpu)).told[0]).toMatchObject({
      gpu: null,
      backend: "cpu",
      gpuLayers: 0,
    });
  });

  it("is read within what else it prints, and as CSV", () => {
    const text = `Loading model...\nWarmup complete.\n\n${JSON.stringify(saved, null, 2)}\n\nDo you want to submit your results\n`;
    expect(reading(text)).toMatchObject({ read: 1, leftOut: [] });
    const columns = Object.keys(result).join(",");
    const cells = Object.values(result).map((value) => `"${value}"`);
    expect(reading(`${columns}\n${cells.join(",")}\n`)).toMatchObject({
      read: 1,
      tools: ["LocalScore"],
    });
  });
});

describe("mlx_lm.benchmark", () => {
  const printed = `$ mlx_lm.benchmark --model mlx-community/Llama-3.2-3B-Instruct-4bit -p 512 -g 128
Running warmup..
Timing with prompt_tokens=512, generation_tokens=128, batch_size=1.
Trial 1:  prompt_tps=1234.500, generation_tps=98.000, peak_memory=2.345
Trial 2:  prompt_tps=1244.500, generation_tps=97.000, peak_memory=2.345
Averages: prompt_tps=1239.500, generation_tps=97.500, peak_memory=2.345
`;

  it("keeps its own names for what it measures, and is set against nothing", () => {
    const { told, read } = reading(printed);
    expect(read).toBe(1);
    expect(told).toMatchObject([
      {
        test: "mlx_lm.benchmark prompt_tps pp512+tg128",
        kind: "unknown",
        speed: 1239.5,
        engine: "mlx-lm",
      },
      { test: "mlx_lm.benchmark generation_tps pp512+tg128", kind: "unknown", speed: 97.5 },
    ]);
  });

  it("of two runs is two rows", () => {
    expect(reading(printed + printed.replaceAll("512", "1024"))).toMatchObject({
      read: 2,
      leftOut: [],
    });
  });

  it("that was cut off tells the trials that are there", () => {
    expect(speeds(printed.replace(/Averages.*\n/u, ""))[1]?.[1]).toBe(97.5);
  });

  it("without its lengths is refused with what is missing", () => {
    expect(() => reading(printed.replace(/Timing.*\n/u, ""))).toThrow(
      /the line "Timing with prompt_tokens=…", which is missing$/,
    );
  });
});
