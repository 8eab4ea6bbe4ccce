import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pairJson } from "../../src/reporters/compare/contract.ts";
import { noteSentences } from "../../src/reporters/compare/words/notes.ts";
import { compareFiles } from "../../src/usecases/compareFiles.ts";
import { defaults } from "../compare/rows.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";

const folder = temporaryFolder();

/** Compares files of these names and texts. */
async function compared(files: Readonly<Record<string, string | object>>) {
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify([content].flat()));
    return path;
  });
  const { comparison, notes } = await compareFiles(paths, defaults);
  return {
    pairs: comparison.pairs.map(pairJson),
    unpaired: comparison.unpaired,
    notes: [...noteSentences(comparison), ...notes].join("\n"),
  };
}

const rtx = "  Device 0: NVIDIA GeForce RTX 4090, compute capability 8.9, VMM: yes\n";

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** A table of llama-bench: columns between backend and test, and rows of model, size, params, backend, those, test, t/s. */
function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  build = "aaaaaaaa (6500)",
) {
  const header = ["model", "size", "params", "backend", ...columns, "test", "t/s"];
  return [
    line(header),
    line(header.map(() => "---:")),
    ...rows.map(line),
    "",
    `build: ${build}`,
    "",
  ].join("\n");
}

const qwen = ["qwen3moe 30B.A3B Q4_K - Medium", "17.28 GiB", "30.53 B", "CUDA"];

/** llama-bench's JSON of Qwen3 30B A3B on an RTX 4090. */
function record(overrides: object) {
  return {
    build_commit: "d6280f9",
    build_number: 6600,
    cpu_info: "AMD Ryzen 9 7950X 16-Core Processor",
    gpu_info: "NVIDIA GeForce RTX 4090",
    backends: "CUDA",
    model_filename: "/m/Qwen3-30B-A3B-Q4_K_M.gguf",
    model_type: "qwen3moe 30B.A3B Q4_K - Medium",
    model_size: 18_550_716_416,
    model_n_params: 30_532_122_624,
    n_batch: 2048,
    n_ubatch: 512,
    n_threads: 16,
    cpu_mask: "0x0",
    cpu_strict: false,
    poll: 50,
    type_k: "f16",
    type_v: "f16",
    n_gpu_layers: 99,
    n_cpu_moe: 0,
    split_mode: "layer",
    main_gpu: 0,
    no_kv_offload: false,
    flash_attn: 0,
    devices: "auto",
    tensor_split: "0.00",
    tensor_buft_overrides: "none",
    use_mmap: true,
    embeddings: false,
    no_op_offload: 0,
    no_host: false,
    n_prompt: 0,
    n_gen: 128,
    n_depth: 0,
    test_time: "2025-09-28T10:00:05Z",
    avg_ns: 689_000_000,
    stddev_ns: 900_000,
    avg_ts: 210,
    stddev_ts: 0.3,
    samples_ns: [688_000_000, 689_000_000, 690_000_000, 689_000_000, 689_000_000],
    samples_ts: [210, 210.2, 209.8, 210, 210],
    ...overrides,
  };
}

const slower = { avg_ts: 190, samples_ts: [190, 190.2, 189.8, 190, 190] };

describe("experts that a tensor override keeps on the CPU", () => {
  it("are a placement beside the GPU, in a table", async () => {
    const { pairs, notes } = await compared({
      "fitt2.md": table(
        ["ngl", "fa", "ot"],
        [[...qwen, "99", "1", "ffn_.*_exps.=CPU", "tg128", "24.12 ± 0.10"]],
      ),
      "fitt3.md": rtx + table(["ngl", "fa"], [[...qwen, "99", "1", "tg128", "210.12 ± 0.30"]]),
    });
    expect(pairs).toMatchObject([
      {
        settings_differ: ["tensor_overrides: ffn_.*_exps.=CPU / none"],
        verdict: "only_one_on_gpu",
        winner: "rtx-4090",
        results: [{ placement: "gpu+cpu" }, { placement: "gpu" }],
      },
    ]);
    expect(notes).toContain("fitt2 has some of 48 of 48 layers of qwen3-30b-a3b q4_k_m on its CPU");
  });

  it("are so in JSON, and as n_cpu_moe is", async () => {
    const placed = { avg_ts: 24, samples_ts: [24, 24.1, 23.9, 24, 24] };
    for (const setting of [{ tensor_buft_overrides: "\\.ffn_.*_exps\\.=CPU" }, { n_cpu_moe: 48 }]) {
      const { pairs } = await compared({
        "jot_a.json": record({ ...placed, ...setting }),
        "jot_b.json": record({}),
      });
      expect(pairs).toMatchObject([
        { verdict: "only_one_on_gpu", results: [{ placement: "gpu+cpu" }, { placement: "gpu" }] },
      ]);
      expect(pairs[0]?.settings_differ).toHaveLength(1);
    }
  });
});

describe("a setting that llmbench has none for", () => {
  it.each([
    [{ devices: "CUDA1" }, "devices: CUDA1 / auto"],
    [{ no_op_offload: 1 }, "no_op_offload: 1 / 0"],
    [{ embeddings: true }, "embeddings: 1 / 0"],
    [{ no_host: true }, "no_host: 1 / 0"],
    [{ poll: 0 }, "poll: 0 / 50"],
    [{ cpu_mask: "0xff" }, "cpu_mask: 0xff / 0x0"],
    [{ cpu_strict: true }, "cpu_strict: 1 / 0"],
    [{ fit_target: 1024 }, "fit_target: 1024 / 0"],
    [{ fit_min_ctx: 8192 }, "fit_min_ctx: 8192 / 0"],
    [{ lazy_mode: "on" }, "lazy_mode: on / auto"],
    [{ numa: "distribute" }, "numa: distribute / disabled"],
    [{ prio: 2 }, "prio: 2 / 0"],
    [{ load_mode: "none", use_mmap: undefined }, "load_mode: none / mmap"],
    [{ use_direct_io: true }, "load_mode: dio / mmap"],
    [{ a_column_of_next_year: "x" }, "a_column_of_next_year: x / unknown"],
    [{ backends: "CUDA,RPC" }, "rpc: 1 / 0"],
    [{ split_mode: "row" }, "split_mode: row / layer"],
  ])("%j differs by its name and both values", async (setting, text) => {
    const { pairs } = await compared({
      "a.json": record({ ...slower, ...setting }),
      "b.json": record({}),
    });
    expect(pairs.map(({ settings_differ }) => settings_differ)).toEqual([[text]]);
  });

  it("is no difference at llama-bench's default where the other side's build lacks it", async () => {
    const newer = {
      fit_target: 0,
      fit_min_ctx: 0,
      lazy_mode: "auto",
      load_mode: "auto",
      use_mmap: undefined,
    };
    const older = {
      devices: undefined,
      tensor_buft_overrides: undefined,
      no_host: undefined,
      n_cpu_moe: undefined,
    };
    const { pairs } = await compared({ "a.json": record(newer), "b.json": record(older) });
    expect(pairs[0]?.settings_differ).toEqual([]);
  });

  it("is read by the short name of a table's column", async () => {
    const base = ["99", "tg128", "210.00 ± 0.30"];
    const row = (...cells: readonly string[]) => [[...qwen, ...cells, ...base]];
    for (const [column, cell, text] of [
      ["nopo", "1", "no_op_offload: 1 / 0"],
      ["noh", "1", "no_host: 1 / 0"],
      ["embd", "1", "embeddings: 1 / 0"],
      ["fitt", "2048", "fit_target: 2048 / 0"],
      ["fitc", "100000", "fit_min_ctx: 100000 / 0"],
      ["dev", "CUDA0/CUDA1", "devices: CUDA0/CUDA1 / auto"],
      ["ot", "exps=CPU", "tensor_overrides: exps=CPU / none"],
      ["nkvo", "1", "no_kv_offload: 1 / 0"],
      ["sm", "row", "split_mode: row / layer"],
      ["mg", "1", "main_gpu: 1 / 0"],
      ["mmap", "0", "load_mode: none / auto"],
      ["n_batch", "4096", "n_batch: 4096 / 2048"],
      ["n_ubatch", "1024", "n_ubatch: 1024 / 512"],
      ["n_cpu_moe", "12", "n_cpu_moe: 12 / 0"],
      ["ts", "3.00/1.00", "tensor_split: 3.00/1.00 / 0.00"],
      ["next", "7", "next: 7 / unknown"],
    ] as const) {
      const { pairs } = await compared({
        "a.md": table([column, "ngl"], row(cell)),
        "b.md": table(["ngl"], row()),
      });
      expect(pairs[0]?.settings_differ).toEqual([text]);
    }
  });

  it("leaves the placement open where llama-bench chose it by what fits", async () => {
    const { pairs, notes } = await compared({
      "a.json": record({ fit_min_ctx: 100_000 }),
      "b.json": record({}),
    });
    expect(pairs[0]?.results).toMatchObject([{ placement: null }, { placement: "gpu" }]);
    expect(notes).toContain(
      "Not told, whether all layers were on the GPU: qwen3-30b-a3b q4_k_m on rtx-4090",
    );
  });
});

describe("rows that differ in a setting", () => {
  const gpt = ["gpt-oss 120B MXFP4 MoE", "59.02 GiB", "116.83 B", "ROCm"];
  const scaled = (devices: number, speed: string) => {
    const names = Array.from({ length: devices }, (_, at) => `ROCm${at}`).join("/");
    return [...gpt, "99", "1024", "1", names, "tg1024", speed];
  };
  const columns = ["ngl", "n_ubatch", "fa", "dev"];

  it("are compared with their like, and each other one is told with its value", async () => {
    const { pairs, notes } = await compared({
      "scaling.md": table(columns, [
        scaled(2, "82.44 ± 0.38"),
        scaled(4, "76.84 ± 0.24"),
        scaled(8, "73.43 ± 0.04"),
      ]),
      "scaling_b.md": table(columns, [scaled(4, "70.00 ± 0.38")]),
    });
    expect(pairs).toMatchObject([
      { settings_differ: [], results: [{ avg_ts: 76.84 }, { avg_ts: 70 }] },
    ]);
    expect(pairs[0]?.basis).toContain(
      "not compared: scaling with devices ROCm0/ROCm1: 82.4 t/s and ",
    );
    expect(notes).toMatch(
      /2 cases of scaling \(.*with devices ROCm0\/ROCm1: 82\.4 t\/s and .*73\.4 t\/s\)/,
    );
  });

  it("differ from what has no like, and no other is left out in silence", async () => {
    const { pairs, notes } = await compared({
      "scaling.md": table(columns, [scaled(2, "82.44 ± 0.38"), scaled(4, "76.84 ± 0.24")]),
      "scaling_b.md": table(columns, [scaled(1, "70.00 ± 0.38")]),
    });
    expect(pairs[0]?.settings_differ).toEqual(["devices: ROCm0/ROCm1 / ROCm0"]);
    expect(notes).toContain("with devices ROCm0/ROCm1/ROCm2/ROCm3: 76.8 t/s");
  });

  it("by what was asked to fit are as many cases", async () => {
    const moe = [
      "qwen35moe 35B.A3B Q4_K - Small",
      "18.55 GiB",
      "34.66 B",
      "CUDA",
      "99",
      "1",
      "0",
      "10000",
    ];
    const { notes } = await compared({
      "h_fitt.md": table(
        ["ngl", "fa", "mmap", "fitt", "fitc"],
        [
          [...moe, "100000", "pp512", "7001.57 ± 20.54"],
          [...moe, "200000", "pp512", "4481.81 ± 715.27"],
          [...moe, "300000", "pp512", "3655.35 ± 44.06"],
        ],
      ),
      "other.md": table(
        ["ngl", "fa", "mmap", "fitt", "fitc"],
        [[...moe, "300000", "pp512", "3000.00 ± 44.06"]],
      ),
    });
    expect(notes).toContain("fit_min_ctx 100000: 7002 t/s");
    expect(notes).toContain("fit_min_ctx 200000: 4482 t/s");
  });

  it("on one and several devices of a box are not the box's fastest in silence", async () => {
    const llama = ["llama 7B Q4_0", "3.56 GiB", "6.74 B", "CUDA", "99"];
    const { pairs, notes } = await compared({
      "dev.md": table(
        ["ngl", "dev"],
        [
          [...llama, "CUDA0", "tg128", "130.00 ± 0.10"],
          [...llama, "CUDA1", "tg128", "58.00 ± 0.10"],
          [...llama, "CUDA0/CUDA1", "tg128", "80.00 ± 0.10"],
        ],
      ),
      "base.json": record({
        model_filename: "models/llama-2-7b.Q4_0.gguf",
        model_type: "llama 7B Q4_0",
        model_size: 3_825_065_984,
        model_n_params: 6_738_415_616,
        ...slower,
      }),
    });
    expect(pairs[0]?.settings_differ).toContain("devices: CUDA0 / auto");
    expect(notes).toContain("with devices CUDA1: 58.0 t/s");
    expect(notes).toContain("with devices CUDA0/CUDA1: 80.0 t/s");
  });
});

const modelRow = (model: string, size: string, params: string, speed: string, ngl = "99") => [
  model,
  size,
  params,
  "CUDA",
  ngl,
  "tg128",
  speed,
];

const unknownModel = (ngl: string) =>
  table(["ngl"], [modelRow("newarch ?B Q4_0", "3.56 GiB", "6.00 B", "20.80 ± 0.10", ngl)]);

describe("models of one size and several architectures", () => {
  const q25 = table(
    ["ngl"],
    [
      modelRow("qwen2 14B Q4_K - Medium", "8.37 GiB", "14.77 B", "7.16 ± 0.15"),
      modelRow("qwen2 32B Q4_K - Medium", "18.48 GiB", "32.76 B", "5.16 ± 0.05"),
      modelRow("granite 8B Q4_K - Medium", "4.60 GiB", "8.17 B", "47.16 ± 0.15"),
    ],
  );
  const q3 =
    rtx +
    table(
      ["ngl"],
      [
        modelRow("qwen3 14B Q4_K - Medium", "8.38 GiB", "14.77 B", "87.16 ± 0.15"),
        modelRow("qwen3 32B Q4_K - Medium", "18.40 GiB", "32.76 B", "40.16 ± 0.05"),
        modelRow("qwen3 8B Q4_K - Medium", "4.68 GiB", "8.19 B", "147.16 ± 0.15"),
      ],
    );

  it("are never compared with each other", async () => {
    const { pairs, notes } = await compared({ "q25.md": q25, "q3.md": q3 });
    expect(pairs).toEqual([]);
    expect(notes).toContain("qwen2.5-14b q4_k_m tg128");
  });

  it("have their own numbers of layers", async () => {
    const ngl42 = table(
      ["ngl"],
      [modelRow("qwen2 14B Q4_K - Medium", "8.37 GiB", "14.77 B", "20.80 ± 0.10", "42")],
    );
    const { pairs } = await compared({ "ngl42.md": ngl42, "q25.md": q25 });
    expect(pairs).toMatchObject([
      {
        verdict: "only_one_on_gpu",
        results: [{ placement: "gpu+cpu", n_gpu_layers: 42, n_layers: 48 }, { placement: "gpu" }],
      },
    ]);
  });

  it("of an unknown number of layers are not said to be on the GPU with some of them", async () => {
    const { pairs, notes } = await compared({
      "a.md": unknownModel("30"),
      "b.md": unknownModel("-1"),
    });
    expect(pairs[0]?.results.map(({ placement }) => placement)).toEqual([null, "gpu"]);
    expect(notes).toContain("newarch-b q4_0 on a (30 of an unknown number)");
  });
});

describe("one model under two names", () => {
  const json = record({
    model_filename: "/m/some-weights.gguf",
    model_type: "llama ?B Q4_0",
    model_size: 2_365_440,
    model_n_params: 4_196_608,
  });

  it("is a pair by what llama.cpp says of it, exactly or rounded", async () => {
    const other = { ...json, model_filename: "/n/other-name.gguf" };
    const exact = await compared({ "a.json": json, "b.json": other });
    expect(exact.pairs).toHaveLength(1);
    expect(exact.pairs[0]?.settings_differ).toEqual(["model: some-weights / other-name"]);
    const rounded = await compared({
      "a.json": json,
      "b.md": table(
        ["ngl"],
        [["llama ?B Q4_0", "2.26 MiB", "4.20 M", "CUDA", "99", "tg128", "200.00 ± 0.30"]],
      ),
    });
    // A table tells no name, so that none differs.
    expect(
      rounded.pairs.map(({ settings_differ }) =>
        settings_differ.filter((one) => one.startsWith("model")),
      ),
    ).toEqual([[]]);
  });

  it("is none where architecture, parameters or bytes differ", async () => {
    for (const other of [
      { model_type: "qwen2 ?B Q4_0" },
      { model_n_params: 4_296_608 },
      { model_size: 2_465_440 },
    ]) {
      const { pairs } = await compared({
        "a.json": json,
        "b.json": { ...json, model_filename: "/n/other-name.gguf", ...other },
      });
      expect(pairs).toEqual([]);
    }
  });
});

const mac = ["llama 7B Q4_0", "3.56 GiB", "6.74 B"];

const once = (speed: string) =>
  table(["ngl"], [[...mac, "CUDA", "99", "tg128", `${speed} ± 0.00`]]);

describe("rows of one case", () => {
  it("are judged by all of them, and it is said how many there were", async () => {
    const speeds = [
      "1800.00 ± 1.00",
      "1750.00 ± 9.00",
      "1500.00 ± 9.00",
      "1250.00 ± 9.00",
      "1200.00 ± 9.00",
    ];
    const { pairs, notes } = await compared({
      "throttle.md": table(
        ["threads"],
        speeds.map((speed) => mac.concat("MTL,BLAS", "6", "pp512", speed)),
      ),
      "gpu2.md": rtx + table(["ngl"], [[...mac, "CUDA", "99", "pp512", "1600.00 ± 5.00"]]),
    });
    expect(pairs[0]?.results.map(({ avg_ts }) => avg_ts)).toEqual([1500, 1600]);
    expect(pairs[0]?.verdict).toBe("inconclusive");
    expect(notes).toContain(
      "throttle.md: llama-2-7b q4_0 pp512: 5 rows were joined as repetitions of one run",
    );
  });

  it("that were measured once have no spread, and win beyond a ratio of 1.25 only", async () => {
    const close = await compared({ "r1c.md": once("178.00"), "r1d.md": once("190.00") });
    expect(close.pairs).toMatchObject([
      { verdict: "inconclusive", ratio_low: null, ratio_high: null },
    ]);
    const far = await compared({ "r1c.md": once("178.00"), "r1d.md": once("230.00") });
    expect(far.pairs).toMatchObject([{ verdict: "faster", winner: "r1d", ratio_low: null }]);
  });
});

describe("a machine that is compared with itself", () => {
  it("is told of once", async () => {
    const { notes } = await compareFiles(["m3-max-40c-64gb", "m3-max-40c-64gb"], defaults);
    expect(notes.filter((note) => note.startsWith("m3-max-40c-64gb: "))).toHaveLength(1);
  });
});
