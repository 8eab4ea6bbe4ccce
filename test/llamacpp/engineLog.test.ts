import { describe, expect, it } from "vitest";
import { deviceOf, readEngineLog } from "../../src/llamacpp/engineLog.ts";

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
    });
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
