import { describe, expect, it } from "vitest";
import type { MemorySeen } from "../../src/llamacpp/memorySeen.ts";
import { memorySpill } from "../../src/run/memorySpill.ts";

const gib = 2 ** 30;

function seen(freeGib: number, privateGib: number | null): MemorySeen {
  return {
    devices: [{ device: "CUDA0", free_bytes: freeGib * gib }],
    private_bytes: privateGib === null ? null : privateGib * gib,
  };
}

type Row = Parameters<typeof memorySpill>[0];

/** 20 GiB on a card with 22 GiB free, 1 GiB on the host, as predicted. */
function row(changes: Partial<Row> = {}, freeGib = 22, warmGib: number | null = 1.5): Row {
  const memory = {
    start: seen(freeGib, 0.25),
    loaded: seen(2, 1),
    context: seen(2, 1),
    warm: seen(2, warmGib),
    peak_resident_bytes: 2 * gib,
  };
  return {
    n_gpu_layers: 33,
    n_layers: 32,
    device_bytes_predicted: 20 * gib,
    host_bytes_predicted: 1 * gib,
    launch_results: [{ launch: 1, load_ms: 1, warmup_ns: [], samples_ns: [1], memory }],
    buffers: [],
    warnings: [],
    ...changes,
  };
}

const unified = { GGML_CUDA_ENABLE_UNIFIED_MEMORY: "1" };
const pressed = { warnings: ["memory_pressure: 1.00 GiB went to swap"] };

describe("memory has spilled", () => {
  it("not where all is as predicted", () => {
    expect(memorySpill(row(), -1, {})).toEqual([]);
    expect(memorySpill(row({}, 22, null), -1, {})).toEqual([]);
  });

  it.each([
    ["more predicted than free", row({}, 12), {}],
    ["a host that holds more", row({}, 22, 9), {}],
    ["fewer layers than asked", row({ n_gpu_layers: 20 }), {}],
    ["memory pressure", row(pressed), {}],
    ["unified memory asked for", row(), unified],
  ])("not by one sign alone: %s", (_, one, environment) => {
    expect(memorySpill(one, -1, environment)).toEqual([]);
  });

  it("where two signs agree, and says which", () => {
    expect(memorySpill(row({}, 12, 9), -1, {})).toEqual([
      "memory_spill: 20.00 GiB needed of 12.00 GiB free, host memory grew by 8.75 GiB, 1.00 GiB were predicted",
    ]);
    expect(memorySpill(row(pressed), -1, unified)).toEqual([
      "memory_spill: memory pressure, GGML_CUDA_ENABLE_UNIFIED_MEMORY is set",
    ]);
    expect(memorySpill(row({ ...pressed, n_gpu_layers: 20 }), 25, {})).toEqual([
      "memory_spill: 20 of 25 layers on the device, memory pressure",
    ]);
  });

  it("where one device of several holds more than it had free", () => {
    const [launch] = row().launch_results;
    const devices = [
      { device: "CUDA0", free_bytes: 2 * gib },
      { device: "CUDA1", free_bytes: 40 * gib },
    ];
    const memory = launch?.memory;
    if (launch === undefined || memory === undefined) throw new Error("no memory");
    const launches = [{ ...launch, memory: { ...memory, start: { ...memory.start, devices } } }];
    const on = (device: string) => ({
      device,
      weights_bytes: 18 * gib,
      kv_bytes: gib,
      compute_bytes: 0,
      output_bytes: 0,
    });
    const split = row({
      ...pressed,
      launch_results: launches,
      device_bytes_predicted: 38 * gib,
      buffers: [on("CUDA0"), on("CUDA1")],
    });
    expect(memorySpill(split, -1, {})).toEqual([
      "memory_spill: 19.00 GiB on CUDA0 of 2.00 GiB free, memory pressure",
    ]);
  });

  it("never where nothing is on a device", () => {
    expect(memorySpill(row({ ...pressed, n_gpu_layers: 0 }, 12), 0, unified)).toEqual([]);
  });
});
