import { describe, expect, it } from "vitest";
import type { Conditions } from "../../src/bench/conditions.ts";
import { warningText } from "../../src/results/codes.ts";
import { conditionWarnings } from "../../src/run/conditionWarnings.ts";

const gib = 2 ** 30;

const quiet: Conditions = {
  power_source: "ac",
  low_power_mode: false,
  swap_used_bytes: 0,
  swapped_in_bytes: 0,
  swapped_out_bytes: 0,
  compressed_bytes: 0,
  cpu_throttles: 0,
  cpu_speed_limit: null,
  thermal_pressure: 0,
  other_load: { busy_cpus: 0.1, cpus: 8, busy_gpus: [] },
  gpus: [],
};

const card = {
  index: 0,
  temperature_c: 84,
  clock_mhz: 1500,
  max_clock_mhz: 2520,
  power_limit_w: 450,
  default_power_limit_w: 450,
  pcie_generation: 4,
  pcie_width: 16,
  memory_used_bytes: 8 * gib,
  throttle_reasons: 0,
  thermal_slowdown_us: 0,
};

const load = (busy_cpus: number) => ({ other_load: { busy_cpus, cpus: 8, busy_gpus: [] } });

/** Warnings of launches under these conditions, on a machine with 64 GiB. */
function warned(...launches: readonly Partial<Conditions>[]): string[] {
  const results = launches.map((changes) => ({
    readings: { conditions: { ...quiet, ...changes } },
    suspended: 0,
  }));
  return conditionWarnings(results, 64 * gib).map(warningText);
}

describe("conditions", () => {
  it("that are quiet, or not known, warn of nothing", () => {
    expect(warned({}, { gpus: [card] })).toEqual([]);
    expect(conditionWarnings([{ readings: { conditions: null }, suspended: 0 }], null)).toEqual([]);
    const unknown = Object.fromEntries(Object.keys(quiet).map((key) => [key, null]));
    expect(warned({ ...unknown, gpus: [] })).toEqual([]);
  });

  it("of any launch hold for the row", () => {
    expect(warned({}, { power_source: "battery" })).toEqual(["on_battery"]);
    expect(warned({ low_power_mode: true }, {})).toEqual(["low_power_mode"]);
  });

  it.each<readonly [string, Partial<Conditions>, string]>([
    ["Intel's counters", { cpu_throttles: 12 }, "the processor was slowed 12 times"],
    ["an Intel Mac", { cpu_speed_limit: 70 }, "the processor was held to 70% of its speed"],
    ["macOS", { thermal_pressure: 2 }, "macOS says heavy"],
    [
      "NVIDIA's counters",
      { gpus: [{ ...card, thermal_slowdown_us: 3_200_000 }] },
      "GPU 0 was slowed for 3.2 s",
    ],
    ["NVIDIA's reasons", { gpus: [{ ...card, throttle_reasons: 0x20 }] }, "GPU 0 was slowed"],
  ])("throttled by heat say so by %s", (_, changes, detail) => {
    expect(warned(changes)).toEqual([`thermal_pressure: ${detail}`]);
  });

  it("where power, not heat, holds a card's clocks are what the card is", () => {
    expect(warned({ gpus: [{ ...card, throttle_reasons: 0x4 }] })).toEqual([]);
  });

  it("in which others computed are told by the busiest launch", () => {
    expect(warned(load(0.7))).toEqual([]);
    expect(warned(load(0.1), load(2.04), load(0.9))).toEqual([
      "other_load: other processes keep 2.0 of 8 CPUs busy",
    ]);
  });

  it("of a GPU that was busy before anything ran are told too", () => {
    const busy_gpus = ["NVIDIA GeForce RTX 4090 is 98% busy"];
    expect(warned({ other_load: { busy_cpus: null, cpus: 8, busy_gpus } })).toEqual([
      "other_load: NVIDIA GeForce RTX 4090 is 98% busy",
    ]);
  });

  it("with much in swap, or pages that come back from it, are short of memory", () => {
    expect(warned({ swap_used_bytes: 3 * gib })).toEqual([]);
    expect(warned({ swap_used_bytes: 4 * gib })).toEqual(["swap_in_use: 4.00 GiB stands in swap"]);
    expect(warned({ swapped_in_bytes: gib / 32 }, { swapped_in_bytes: gib / 32 })).toEqual([
      "swap_in_use: 64.00 MiB came back from swap",
    ]);
  });

  it("in which the machine slept are counted", () => {
    const launches = [1, 2].map((suspended) => ({ readings: { conditions: null }, suspended }));
    expect(conditionWarnings(launches, null).map(warningText)).toEqual([
      "suspended: 3 taken again",
    ]);
  });

  it.each<readonly [string, Partial<Conditions>, string]>([
    ["swap", { swapped_out_bytes: gib }, "1.00 GiB went to swap"],
    ["macOS' compressor", { compressed_bytes: 2 * gib }, "2.00 GiB were compressed"],
  ])("that push memory to %s in one launch are memory pressure", (_, changes, text) => {
    expect(warned({}, changes)).toEqual([`memory_pressure: ${text}`]);
    expect(warned({ swapped_out_bytes: gib / 32 }, { swapped_out_bytes: gib / 32 })).toEqual([]);
  });
});
