/** What NVIDIA's cards do at a moment: why their clocks are held, how warm they are, what they may draw. */
import type { NvidiaState } from "../bench/conditions.ts";
import { commandOutput } from "./commandOutput.ts";

const stateFields = [
  "index",
  "temperature.gpu",
  "clocks.sm",
  "clocks.max.sm",
  "power.limit",
  "power.default_limit",
  "pcie.link.gen.current",
  "pcie.link.width.current",
  "memory.used",
] as const;

/** Newest names first: nvidia-smi refuses a query with a field that it doesn't know. */
const queries: readonly string[] = [
  [
    ...stateFields,
    "clocks_event_reasons.active",
    "clocks_event_reasons_counters.sw_thermal_slowdown",
    "clocks_event_reasons_counters.hw_thermal_slowdown",
  ].join(","),
  [...stateFields, "clocks_throttle_reasons.active"].join(","),
];

/** Of `queries`, the one that this machine's nvidia-smi answers; none where it isn't there. */
let answered: readonly string[] = queries;

/** Empty without NVIDIA's cards. */
export async function nvidiaStates(): Promise<NvidiaState[]> {
  for (const query of answered) {
    const args = [`--query-gpu=${query}`, "--format=csv,noheader,nounits"];
    const output = await commandOutput("nvidia-smi", args);
    if (output === null) continue;
    answered = [query];
    return parseNvidiaStates(output);
  }
  answered = [];
  return [];
}

const mib = 2 ** 20;

/** Of either query's lines. */
export function parseNvidiaStates(output: string): NvidiaState[] {
  return output
    .split("\n")
    .map((line) => line.split(",").map((field) => number(field.trim())))
    .filter((fields) => fields.length > stateFields.length)
    .map((fields, position) => {
      const at = (index: number) => fields[index] ?? null;
      const [memory, sw, hw] = [at(8), at(10), at(11)];
      return {
        index: at(0) ?? position,
        temperature_c: at(1),
        clock_mhz: at(2),
        max_clock_mhz: at(3),
        power_limit_w: at(4),
        default_power_limit_w: at(5),
        pcie_generation: at(6),
        pcie_width: at(7),
        memory_used_bytes: memory === null ? null : memory * mib,
        throttle_reasons: at(9),
        thermal_slowdown_us: sw === null || hw === null ? null : sw + hw,
      };
    });
}

/** `[N/A]` is no number; reasons come in hexadecimal, counters with their unit whatever is asked. */
function number(field: string): number | null {
  const text = field.replace(/ us$/u, "");
  const value = Number(text);
  return text === "" || Number.isNaN(value) ? null : value;
}

/** nvml.h: nvmlClocksThrottleReasonSwThermalSlowdown and …HwThermalSlowdown. */
const thermalReasons = 0x20 | 0x40;

/** Whether heat holds the clocks down. */
export function isHeldByHeat({ throttle_reasons: reasons }: NvidiaState): boolean {
  return reasons !== null && (reasons & thermalReasons) !== 0;
}
