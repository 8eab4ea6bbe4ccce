import { describe, expect, it } from "vitest";
import { recordsOfText } from "../../../src/results/foreign/readRecords.ts";
import { build, cuda, header, reading, row, table } from "./reading.ts";

const [first, second] = [cuda("NVIDIA GeForce RTX 3060"), cuda("NVIDIA GeForce RTX 4090")];
const [a, b] = [build("aaaaaaa"), build("bbbbbbb")];

const machines = (text: string) =>
  reading(text).told.map(({ machine, build: commit }) => [machine, commit]);

const two = [
  ["rtx-3060", "aaaaaaa"],
  ["rtx-4090", "bbbbbbb"],
];

describe("two runs in one text are two machines and builds", () => {
  it.each([
    ["as llama-bench prints them", first + table() + a + second + table() + b],
    ["with the build above its table", first + a + table() + second + b + table()],
    ["with the log below its table", table() + a + first + table() + b + second],
    [
      "with each command above its log",
      `$ ./llama-bench\n${first}${table()}${a}$ ./llama-bench\n${second}${table()}${b}`,
    ],
    [
      "with the log above the command",
      `${first}+ llama-bench -m x\n${table()}${a}${second}+ llama-bench -m x\n${table()}${b}`,
    ],
  ])("%s", (_, text) => {
    expect(machines(text)).toEqual(two);
  });

  it("where builds stand above their tables and nothing else does", () => {
    expect(machines(a + table() + b + table())).toEqual([
      ["paste", "aaaaaaa"],
      ["paste", "bbbbbbb"],
    ]);
  });

  it("and a run whose devices nobody names isn't on those of the run before", () => {
    expect(machines(first + table() + a + table() + b)).toEqual([
      ["rtx-3060", "aaaaaaa"],
      ["paste", "bbbbbbb"],
    ]);
  });

  it("and rows of one aren't given the build of another", () => {
    expect(machines(first + table() + second + table() + b)).toEqual([
      ["rtx-3060", null],
      ["rtx-4090", "bbbbbbb"],
    ]);
  });
});

it("a table in two parts is one machine's, with one build", () => {
  const text = first + table() + header + row("CUDA", "pp512") + a;
  expect(machines(text)).toEqual([
    ["rtx-3060", "aaaaaaa"],
    ["rtx-3060", "aaaaaaa"],
  ]);
});

const numbers = (text: string) =>
  recordsOfText(text, "paste.md").records.map(({ invocation }) => invocation);

describe("runs are numbered for whoever joins their rows", () => {
  const jsonl = '{"model_type":"llama 7B Q4_0","n_prompt":8,"n_gen":0,"avg_ts":1}\n';

  it("by the frames of their outputs", () => {
    expect(numbers(table("CUDA", ["pp8", "1.00"], ["tg8", "1.00"]) + a + table())).toEqual([
      0, 0, 1,
    ]);
    expect(numbers(`[${jsonl}]\n[${jsonl}]\n`)).toEqual([0, 1]);
  });

  it("by the commands and logs between rows that have no frame", () => {
    expect(
      numbers(`$ llama-bench -o jsonl\n${jsonl}${jsonl}$ llama-bench -o jsonl\n${jsonl}`),
    ).toEqual([0, 0, 1]);
  });

  it("unless nothing tells where one ends", () => {
    expect(numbers(jsonl + jsonl)).toEqual([null, null]);
  });
});

const vulkan = (line: string) => `ggml_vulkan: Found 1 Vulkan devices:\n${line}\n`;

describe("devices by their line", () => {
  it.each([
    ["CUDA", "CUDA", cuda("NVIDIA GeForce RTX 4090"), "NVIDIA GeForce RTX 4090"],
    [
      "CUDA with its memory",
      "CUDA",
      "ggml_cuda_init: found 1 CUDA devices (Total VRAM: 24080 MiB):\n  Device 0: NVIDIA GeForce RTX 4090, compute capability 8.9, VMM: yes, VRAM: 24080 MiB\n",
      "NVIDIA GeForce RTX 4090",
    ],
    [
      "CUDA in 2023",
      "CUDA",
      "ggml_init_cublas: found 1 CUDA devices:\n  Device 0: NVIDIA GeForce RTX 3090 Ti\n",
      "NVIDIA GeForce RTX 3090 Ti",
    ],
    [
      "several cards",
      "CUDA",
      cuda("NVIDIA GeForce RTX 5090", "NVIDIA GeForce RTX 3090"),
      "NVIDIA GeForce RTX 5090, NVIDIA GeForce RTX 3090",
    ],
    [
      "cards that are named again for what they lack",
      "CUDA",
      `${cuda("NVIDIA GeForce GTX 1660")}The following devices will have suboptimal performance due to a lack of tensor cores:\n  Device 0: NVIDIA GeForce GTX 1660\n`,
      "NVIDIA GeForce GTX 1660",
    ],
    [
      "ROCm",
      "ROCm",
      "ggml_cuda_init: found 1 ROCm devices:\n  Device 0: AMD Radeon Graphics, gfx1151 (0x1151), VMM: no, Wave Size: 32\n",
      "AMD Radeon Graphics",
    ],
    [
      "ROCm that calls itself CUDA",
      "CUDA",
      "ggml_cuda_init: found 1 ROCm devices:\n  Device 0: AMD Radeon RX 7900 XTX, compute capability 11.0, VMM: no\n",
      "AMD Radeon RX 7900 XTX",
    ],
    [
      "MUSA",
      "MUSA",
      "ggml_cuda_init: found 1 MUSA devices:\n  Device 0: MTT S80, compute capability 2.1, VMM: yes\n",
      "MTT S80",
    ],
    [
      "Vulkan",
      "Vulkan,RPC",
      vulkan(
        "ggml_vulkan: 0 = Radeon 8060S Graphics (RADV GFX1151) (radv) | uma: 1 | fp16: 1 | bf16: 0 | warp size: 64 | shared memory: 65536 | int dot: 1 | matrix cores: KHR_coopmat",
      ),
      "Radeon 8060S Graphics (RADV GFX1151)",
    ],
    [
      "Vulkan, of older builds",
      "Vulkan",
      vulkan("Vulkan0: AMD Radeon RX 6800 XT (RADV NAVI21) | uma: 0 | fp16: 1 | warp size: 64"),
      "AMD Radeon RX 6800 XT (RADV NAVI21)",
    ],
    [
      "SYCL, once for each way to it",
      "SYCL",
      `Found 2 SYCL devices:
|ID|        Device Type|                                   Name|Version|units  |group   |group|size   |       Driver version|
|--|-------------------|---------------------------------------|-------|-------|--------|-----|-------|---------------------|
| 0| [level_zero:gpu:0]|                Intel Arc A770 Graphics|  12.55|    512|    1024|   32| 16225M|            1.6.32567|
| 1|     [opencl:gpu:0]|                Intel Arc A770 Graphics|    3.0|    512|    1024|   32| 16225M|       24.52.032224.14|
`,
      "Intel Arc A770 Graphics",
    ],
    [
      "Metal",
      "MTL,BLAS",
      "ggml_metal_device_init: GPU name:   MTL0 (Apple M5 Max)\nggml_metal_device_init: GPU family: MTLGPUFamilyApple10  (1010)\n",
      "Apple M5 Max",
    ],
    [
      "Metal, of older builds",
      "Metal",
      "ggml_metal_init: found device: Apple M3 Max\nggml_metal_init: picking default device: Apple M3 Max\nggml_metal_init: GPU name:   Apple M3 Max\n",
      "Apple M3 Max",
    ],
    [
      "Metal, of several that were found the one that computes",
      "Metal",
      "ggml_metal_init: found device: AMD Radeon Pro 5500M\nggml_metal_init: found device: Intel(R) UHD Graphics 630\nggml_metal_init: picking default device: AMD Radeon Pro 5500M\n",
      "AMD Radeon Pro 5500M",
    ],
    [
      "OpenCL",
      "OpenCL",
      "ggml_opencl: device: 'QUALCOMM Adreno(TM) 750 (OpenCL 3.0 Adreno(TM) 750)'\nggml_opencl: default device: 'QUALCOMM Adreno(TM) 750 (OpenCL 3.0 Adreno(TM) 750)'\n",
      "QUALCOMM Adreno(TM) 750",
    ],
    [
      "CANN",
      "CANN",
      "llama_model_load_from_file_impl: using device CANN0 (Ascend910B3) - 62432 MiB free\n",
      "Ascend910B3",
    ],
    [
      "--list-devices",
      "CUDA",
      "Available devices:\n  CUDA0: NVIDIA GeForce RTX 4090 (24080 MiB, 23600 MiB free)\n",
      "NVIDIA GeForce RTX 4090",
    ],
  ])("%s", (_, backend, log, gpu) => {
    expect(reading(log + table(backend) + build("aaaaaaa")).told).toMatchObject([{ gpu }]);
  });

  it.each(["CPU", "BLAS", "ZenDNN"])("are none of a row of %s", (backend) => {
    expect(reading(first + table(backend)).told).toMatchObject([{ gpu: null, backend: "cpu" }]);
  });

  it("are none of a row of another backend", () => {
    expect(reading(first + table("Metal")).told).toMatchObject([{ gpu: null, backend: "metal" }]);
  });

  it("are those of each backend that the row names", () => {
    const log = `${first}ggml_vulkan: Found 1 Vulkan devices:\nggml_vulkan: 0 = Intel(R) Arc(tm) A770 Graphics (Intel) | uma: 0 |\n`;
    expect(reading(log + table("Vulkan")).told).toMatchObject([
      { gpu: "Intel(R) Arc(tm) A770 Graphics" },
    ]);
  });
});

describe("a Mac's table, which doesn't print the layers", () => {
  const columns = header.replaceAll("ngl", "threads");
  const of = (backend: string) =>
    reading(columns + row(backend).replace(" 99 ", " 6 ")).told.map(({ gpuLayers }) => gpuLayers);

  it("has all of them on the GPU, llama-bench's default", () => {
    expect(of("MTL,BLAS")).toEqual([33]);
    expect(of("Metal,BLAS")).toEqual([33]);
  });

  it("of a CPU has none that are told", () => {
    expect(of("BLAS")).toEqual([null]);
    expect(of("CPU")).toEqual([null]);
  });
});
