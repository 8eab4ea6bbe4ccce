/** Power, heat and what graphics cards say of themselves: the worse of two states, the growth of counters. */
import type { Conditions } from "../bench/conditions.ts";
import { nvidiaStates } from "../machine/nvidiaState.ts";
import { isLowPower, powerSourceNow } from "../machine/power.ts";
import { linuxThrottles, macHeat, type MacHeat } from "../machine/throttling.ts";
import { extreme, growth } from "./change.ts";
import type { Meter } from "./meter.ts";

export type PowerAndHeat = Pick<
  Conditions,
  | "power_source"
  | "low_power_mode"
  | "cpu_throttles"
  | "cpu_speed_limit"
  | "thermal_pressure"
  | "gpus"
>;

export const powerAndHeatMeter: Meter<PowerAndHeat> = {
  async start() {
    const before = await read();
    return async () => between(before, await read());
  },
};

const noHeat: MacHeat = { speedLimit: null, pressure: null };

async function read(): Promise<PowerAndHeat> {
  const { platform } = process;
  const [power, lowPower, heat, gpus] = await Promise.all([
    powerSourceNow(platform),
    isLowPower(platform),
    platform === "darwin" ? macHeat() : noHeat,
    nvidiaStates(),
  ]);
  return {
    power_source: power,
    low_power_mode: lowPower,
    cpu_throttles: platform === "linux" ? linuxThrottles() : null,
    cpu_speed_limit: heat.speedLimit,
    thermal_pressure: heat.pressure,
    gpus,
  };
}

/** What held between two readings. */
export function between(before: PowerAndHeat, after: PowerAndHeat): PowerAndHeat {
  const battery = [before, after].some(({ power_source: source }) => source === "battery");
  return {
    power_source: battery ? "battery" : after.power_source,
    low_power_mode: before.low_power_mode === true ? true : after.low_power_mode,
    cpu_throttles: growth(before.cpu_throttles, after.cpu_throttles),
    cpu_speed_limit: extreme(Math.min, before.cpu_speed_limit, after.cpu_speed_limit),
    thermal_pressure: extreme(Math.max, before.thermal_pressure, after.thermal_pressure),
    gpus: after.gpus.map((gpu) => {
      const earlier = before.gpus.find(({ index }) => index === gpu.index);
      const slowdown = growth(earlier?.thermal_slowdown_us ?? null, gpu.thermal_slowdown_us);
      return { ...gpu, thermal_slowdown_us: slowdown };
    }),
  };
}
