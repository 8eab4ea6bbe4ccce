/** What the machine's conditions during a case's launches warn of. All of it can be worked out again from the journal. */
import { formatBytes } from "../base/bytes.ts";
import type { Conditions } from "../bench/conditions.ts";
import type { TimedLaunch } from "../bench/launch.ts";
import type { Readings } from "../bench/readings.ts";
import { warning, type Warning } from "../bench/warnings.ts";
import { loadText } from "../machine/otherLoad.ts";
import { isHeldByHeat } from "../machine/nvidiaState.ts";

/**
 * What stands in swap harms nobody until it is needed: warned of where so much is out that memory must be short, or
 * where more than a trickle came back while the case ran.
 */
const swapShareOfRam = 0.05;
const swapLeastBytes = 2 ** 30;
const trickleBytes = 64 * 2 ** 20;

/** As far as this looks. */
interface Seen extends Pick<TimedLaunch, "suspended"> {
  readonly readings: Pick<Readings, "conditions">;
}

/** @param ramBytes null where it isn't known. */
export function conditionWarnings(launches: readonly Seen[], ramBytes: number | null): Warning[] {
  const seen = launches.flatMap(({ readings }) => readings.conditions ?? []);
  const suspended = launches.reduce((total, { suspended: count }) => total + count, 0);
  return [
    ...(seen.some(({ power_source: source }) => source === "battery")
      ? [warning("on_battery")]
      : []),
    ...(seen.some(({ low_power_mode: low }) => low === true) ? [warning("low_power_mode")] : []),
    ...otherLoad(seen),
    ...heat(seen),
    ...swap(seen, ramBytes),
    ...memoryPressure(seen),
    ...(suspended === 0 ? [] : [warning("suspended", `${suspended} taken again`)]),
  ];
}

/** Of the launch that was disturbed most. */
function otherLoad(seen: readonly Conditions[]): Warning[] {
  const loads = seen.flatMap(({ other_load: load }) => load ?? []);
  const [worst] = loads.toSorted((a, b) => (b.busy_cpus ?? 0) - (a.busy_cpus ?? 0));
  const text = worst === undefined ? null : loadText(worst);
  return text === null ? [] : [warning("other_load", text)];
}

/** OSThermalPressureLevel's names. */
const pressureNames = ["nominal", "moderate", "heavy", "trapping", "sleeping"] as const;

function heat(seen: readonly Conditions[]): Warning[] {
  const throttles = seen.reduce((total, { cpu_throttles: count }) => total + (count ?? 0), 0);
  const limit = Math.min(100, ...seen.map(({ cpu_speed_limit: percent }) => percent ?? 100));
  const pressure = Math.max(0, ...seen.map(({ thermal_pressure: level }) => level ?? 0));
  const signs = [
    ...(throttles > 0 ? [`the processor was slowed ${throttles} times`] : []),
    ...(limit < 100 ? [`the processor was held to ${limit}% of its speed`] : []),
    ...(pressure > 0 ? [`macOS says ${pressureNames[pressure] ?? `level ${pressure}`}`] : []),
    ...heatOfCards(seen),
  ];
  return signs.length === 0 ? [] : [warning("thermal_pressure", signs.join(", "))];
}

function heatOfCards(seen: readonly Conditions[]): string[] {
  const cards = seen.flatMap(({ gpus }) => gpus);
  return [...new Set(cards.map(({ index }) => index))].flatMap((index) => {
    const card = cards.filter((one) => one.index === index);
    const us = card.reduce((total, { thermal_slowdown_us: slow }) => total + (slow ?? 0), 0);
    if (us > 0) return [`GPU ${index} was slowed for ${(us / 1e6).toFixed(1)} s`];
    return card.some(isHeldByHeat) ? [`GPU ${index} was slowed`] : [];
  });
}

function swap(seen: readonly Conditions[], ramBytes: number | null): Warning[] {
  const used = Math.max(0, ...seen.map(({ swap_used_bytes: bytes }) => bytes ?? 0));
  const read = seen.reduce((total, { swapped_in_bytes: bytes }) => total + (bytes ?? 0), 0);
  if (read >= trickleBytes)
    return [warning("swap_in_use", `${formatBytes(read)} came back from swap`)];
  const most = Math.max(swapLeastBytes, swapShareOfRam * (ramBytes ?? 0));
  return used >= most ? [warning("swap_in_use", `${formatBytes(used)} stands in swap`)] : [];
}

/** Of one case: what was pushed out while it was measured. */
function memoryPressure(seen: readonly Conditions[]): Warning[] {
  const most = (bytes: (one: Conditions) => number | null) =>
    Math.max(0, ...seen.map((one) => bytes(one) ?? 0));
  const swapped = most(({ swapped_out_bytes: bytes }) => bytes);
  const compressed = most(({ compressed_bytes: bytes }) => bytes);
  const signs = [
    ...(swapped >= trickleBytes ? [`${formatBytes(swapped)} went to swap`] : []),
    ...(compressed >= trickleBytes ? [`${formatBytes(compressed)} were compressed`] : []),
  ];
  return signs.length === 0 ? [] : [warning("memory_pressure", signs.join(", "))];
}
