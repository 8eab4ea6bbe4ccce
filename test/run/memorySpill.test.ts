import { describe, expect, it } from "vitest";
import type { DeviceBuffers, MemorySeen } from "../../src/bench/memoryUse.ts";
import { warning } from "../../src/bench/warnings.ts";
import { warningText } from "../../src/results/codes.ts";
import { launchOf } from "../../src/results/launchLine.ts";
import { memorySpill } from "../../src/run/memorySpill.ts";

const gib = 2 ** 30;

function seen(freeGib: number, privateGib: number | null): MemorySeen {
  return {
    devices: [{ device: "CUDA0", free_bytes: freeGib * gib }],
    private_bytes: privateGib === null ? null : privateGib * gib,
  };
}

type Case = Parameters<typeof memorySpill>[0];

/** A launch on devices with so much free before it. */
function launchFrom(start: MemorySeen, warmGib: number | null = 1.5): Case["launches"][number] {
  const memory = {
    start,
    loaded: seen(2, 1),
    context: seen(2, 1),
    warm: seen(2, warmGib),
    peak_resident_bytes: 2 * gib,
  };
  return launchOf({ launch: 1, samples_ns: [1], memory });
}

/** 20 GiB on a card with 22 GiB free, 1 GiB on the host, as predicted. */
function row(changes: Partial<Case> = {}, freeGib = 22, warmGib: number | null = 1.5): Case {
  return {
    model: { nLayers: 32 },
    settings: { gpuLayers: 33 },
    memory: { devicePredicted: 20 * gib, hostPredicted: 1 * gib },
    launches: [launchFrom(seen(freeGib, 0.25), warmGib)],
    buffers: [],
    warnings: [],
    ...changes,
  };
}

/** What is warned of, as it is written down. */
function spill(...asked: Parameters<typeof memorySpill>): string[] {
  return memorySpill(...asked).map(warningText);
}

const unified = { GGML_CUDA_ENABLE_UNIFIED_MEMORY: "1" };
const pressed = { warnings: [warning("memory_pressure", "1.00 GiB went to swap")] };

describe("memory has spilled", () => {
  it("not where all is as predicted", () => {
    expect(spill(row(), -1, {})).toEqual([]);
    expect(spill(row({}, 22, null), -1, {})).toEqual([]);
  });

  it.each([
    ["more predicted than free", row({}, 12), {}],
    ["a host that holds more", row({}, 22, 9), {}],
    ["fewer layers than asked", row({ settings: { gpuLayers: 20 } }), {}],
    ["memory pressure", row(pressed), {}],
    ["unified memory asked for", row(), unified],
  ])("not by one sign alone: %s", (_, one, environment) => {
    expect(spill(one, -1, environment)).toEqual([]);
  });

  it("where two signs agree, and says which", () => {
    expect(spill(row({}, 12, 9), -1, {})).toEqual([
      "memory_spill: 20.00 GiB needed of 12.00 GiB free, host memory grew by 8.75 GiB, 1.00 GiB were predicted",
    ]);
    expect(spill(row(pressed), -1, unified)).toEqual([
      "memory_spill: memory pressure, GGML_CUDA_ENABLE_UNIFIED_MEMORY is set",
    ]);
    expect(spill(row({ ...pressed, settings: { gpuLayers: 20 } }), 25, {})).toEqual([
      "memory_spill: 20 of 25 layers on the device, memory pressure",
    ]);
  });

  it("where one device of several holds more than it had free", () => {
    const devices = [
      { device: "CUDA0", free_bytes: 2 * gib },
      { device: "CUDA1", free_bytes: 40 * gib },
    ];
    const on = (device: string): DeviceBuffers => ({
      device,
      weightsBytes: 18 * gib,
      weightsMappedBytes: null,
      weightsRepackedBytes: null,
      kvBytes: gib,
      stateBytes: 0,
      computeBytes: 0,
      outputBytes: 0,
    });
    const split = row({
      ...pressed,
      launches: [launchFrom({ ...seen(22, 0.25), devices })],
      memory: { devicePredicted: 38 * gib, hostPredicted: 1 * gib },
      buffers: [on("CUDA0"), on("CUDA1")],
    });
    expect(spill(split, -1, {})).toEqual([
      "memory_spill: 19.00 GiB on CUDA0 of 2.00 GiB free, memory pressure",
    ]);
  });

  it("never where nothing is on a device", () => {
    expect(spill(row({ ...pressed, settings: { gpuLayers: 0 } }, 12), 0, unified)).toEqual([]);
  });
});
