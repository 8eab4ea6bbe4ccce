/** Under what conditions something was measured: read while no clock runs, before it and after. */
import type { Conditions } from "../bench/conditions.ts";
import { nvidiaStates } from "./nvidiaState.ts";
import { isLowPower, powerSourceNow } from "./power.ts";
import { linuxSwapping, macSwapping, type Swapping } from "./swapping.ts";
import { linuxThrottles, macHeat, type MacHeat } from "./throttling.ts";

export async function readConditions(): Promise<Conditions> {
  const { platform } = process;
  const [power, lowPower, swap, heat, gpus] = await Promise.all([
    powerSourceNow(platform),
    isLowPower(platform),
    swapping(platform),
    platform === "darwin" ? macHeat() : noHeat,
    nvidiaStates(),
  ]);
  return {
    power_source: power,
    low_power_mode: lowPower,
    swap_used_bytes: swap.usedBytes,
    swapped_in_bytes: swap.readBytes,
    swapped_out_bytes: swap.writtenBytes,
    compressed_bytes: swap.compressedBytes,
    cpu_throttles: platform === "linux" ? linuxThrottles() : null,
    cpu_speed_limit: heat.speedLimit,
    thermal_pressure: heat.pressure,
    other_load: null,
    gpus,
  };
}

const noHeat: MacHeat = { speedLimit: null, pressure: null };
const noSwapping: Swapping = {
  usedBytes: null,
  readBytes: null,
  writtenBytes: null,
  compressedBytes: null,
};

async function swapping(platform: NodeJS.Platform): Promise<Swapping> {
  if (platform === "linux") return linuxSwapping();
  return platform === "darwin" ? macSwapping() : noSwapping;
}

/** What held between two readings: the worse of two states, the growth of counters. */
export function conditionsBetween(before: Conditions, after: Conditions): Conditions {
  const battery = [before, after].some(({ power_source: source }) => source === "battery");
  return {
    power_source: battery ? "battery" : after.power_source,
    low_power_mode: before.low_power_mode === true ? true : after.low_power_mode,
    swap_used_bytes: extreme(Math.max, before.swap_used_bytes, after.swap_used_bytes),
    swapped_in_bytes: growth(before.swapped_in_bytes, after.swapped_in_bytes),
    swapped_out_bytes: growth(before.swapped_out_bytes, after.swapped_out_bytes),
    compressed_bytes: growth(before.compressed_bytes, after.compressed_bytes),
    cpu_throttles: growth(before.cpu_throttles, after.cpu_throttles),
    cpu_speed_limit: extreme(Math.min, before.cpu_speed_limit, after.cpu_speed_limit),
    thermal_pressure: extreme(Math.max, before.thermal_pressure, after.thermal_pressure),
    other_load: null,
    gpus: after.gpus.map((gpu) => {
      const earlier = before.gpus.find(({ index }) => index === gpu.index);
      const slowdown = growth(earlier?.thermal_slowdown_us ?? null, gpu.thermal_slowdown_us);
      return { ...gpu, thermal_slowdown_us: slowdown };
    }),
  };
}

type Known = number | null;

function growth(before: Known, after: Known): Known {
  return before === null || after === null ? null : Math.max(0, after - before);
}

function extreme(choose: (a: number, b: number) => number, before: Known, after: Known): Known {
  return before === null || after === null ? (before ?? after) : choose(before, after);
}
