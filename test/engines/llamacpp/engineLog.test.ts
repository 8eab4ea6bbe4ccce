import { describe, expect, it } from "vitest";
import { deviceOf, readEngineLog } from "../../../src/engines/llamacpp/engineLog.ts";

const log = [
  "load_tensors: loading model tensors, this can take a while... (load_mode = mmap)",
  "load_tensors: offloading output layer to GPU",
  "load_tensors: offloaded 23/23 layers to GPU",
  "load_tensors:   CPU_Mapped model buffer size =    35.16 MiB",
  "load_tensors:      Vulkan0 model buffer size =   571.37 MiB",
  "llama_context: flash_attn            = auto",
  "llama_kv_cache:    Vulkan0 KV buffer size =    11.00 MiB",
  "llama_context: Vulkan_Host  output buffer size =     0.12 MiB",
  "resolve_fused_ops: Flash Attention enabled",
  "sched_reserve:    Vulkan0 compute buffer size =    90.00 MiB",
  "sched_reserve:    Vulkan0 compute buffer size =    66.50 MiB",
];

const mib = 2 ** 20;

describe("llama.cpp's log", () => {
  it("names layers, load mode and flash attention as they were resolved", () => {
    expect(readEngineLog(log)).toMatchObject({
      offloadedLayers: 23,
      loadMode: "mmap",
      flashAttn: true,
    });
  });

  it("gives each buffer with its use, of two compute buffers of one device the last", () => {
    expect(readEngineLog(log).buffers).toEqual([
      { name: "CPU_Mapped", use: "model", bytes: Math.round(35.16 * mib) },
      { name: "Vulkan0", use: "model", bytes: Math.round(571.37 * mib) },
      { name: "Vulkan0", use: "KV", bytes: 11 * mib },
      { name: "Vulkan_Host", use: "output", bytes: Math.round(0.12 * mib) },
      { name: "Vulkan0", use: "compute", bytes: 66.5 * mib },
    ]);
  });

  it("leaves unknown what it doesn't say", () => {
    expect(readEngineLog([])).toEqual({
      offloadedLayers: null,
      loadMode: null,
      flashAttn: null,
      buffers: [],
      caches: [],
    });
  });

  it("gives each cache by its own account, a compressor's once though two lines tell of it", () => {
    const { buffers, caches } = readEngineLog([
      "llama_kv_cache:        CPU KV buffer size =     0.00 MiB",
      "llama_kv_cache: size =    4.00 MiB (  4096 cells,   1 layers,  1/1 seqs), K (f16):    2.00 MiB, V (f16):    2.00 MiB",
      "llama_memory_recurrent:        CPU RS buffer size =     0.13 MiB",
      "llama_memory_recurrent: size =    0.13 MiB (     1 cells,   2 layers,  1 seqs  0 rs_seq), R (f32):    0.01 MiB, S (f32):    0.12 MiB, P (f32):    0.00 MiB",
      "llama_dsv4_comp_state:    Vulkan0 DSV4 hca state buffer size =     0.06 MiB",
      "llama_dsv4_comp_state: hca ratio = 128, state = 128 x 64, streams = 1, rs_seq = 0, layers = 1, size =    0.06 MiB",
    ]);
    expect(caches).toEqual([
      { use: "KV", bytes: 4 * mib },
      { use: "state", bytes: Math.round(0.13 * mib) },
      { use: "state", bytes: Math.round(0.06 * mib) },
    ]);
    expect(buffers.map(({ name, use }) => [name, use])).toEqual([
      ["CPU", "KV"],
      ["CPU", "state"],
      ["Vulkan0", "state"],
    ]);
  });

  it("gives each of the devices that compute every layer together what it says of all of them", () => {
    const { buffers } = readEngineLog([
      "llama_prepare_model_devices: creating a Meta device for tensor parallelism from 2 devices:",
      "llama_prepare_model_devices: - device 0: Vulkan0 (llvmpipe (LLVM 15.0.6, 256 bits))",
      "llama_prepare_model_devices: - device 1: Vulkan1 (llvmpipe (LLVM 15.0.6, 256 bits))",
      "load_tensors:       Meta() model buffer size =     2.25 MiB",
      "load_tensors:  Vulkan_Host model buffer size =     0.13 MiB",
      "sched_reserve:     Meta() compute buffer size =     4.50 MiB",
      "sched_reserve:     Meta() compute buffer size =     4.75 MiB",
    ]);
    expect(buffers).toEqual([
      { name: "Vulkan0", use: "model", bytes: 2.25 * mib },
      { name: "Vulkan1", use: "model", bytes: 2.25 * mib },
      { name: "Vulkan_Host", use: "model", bytes: Math.round(0.13 * mib) },
      { name: "Vulkan0", use: "compute", bytes: 4.75 * mib },
      { name: "Vulkan1", use: "compute", bytes: 4.75 * mib },
    ]);
  });

  it.each([
    ["CPU", "host"],
    ["CPU_REPACK", "host"],
    ["AMX", "host"],
    ["CUDA_Host", "host"],
    ["CUDA1", "CUDA1"],
    ["MTL0_Mapped", "MTL0"],
    ["MTL0_Private", "MTL0"],
  ])("places buffer %s on %s", (name, device) => {
    expect(deviceOf({ name })).toBe(device);
  });
});
