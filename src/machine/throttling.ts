/** Whether heat slows the processor. Each system tells it in its own way, and some not at all. */
import { join } from "node:path";
import { systemNames, systemText } from "../base/systemFile.ts";
import { commandOutput } from "./commandOutput.ts";

/** How often Intel's processors were slowed since the system began (Documentation/ABI/testing/sysfs-devices-system-cpu); null where it isn't counted. */
export function linuxThrottles(root = "/"): number | null {
  const folder = join(root, "sys/devices/system/cpu");
  const counts = systemNames(folder)
    .filter((name) => /^cpu\d+$/u.test(name))
    .flatMap((name) =>
      ["core_throttle_count", "package_throttle_count"].map((file) =>
        count(join(folder, name, "thermal_throttle", file)),
      ),
    )
    .filter((value) => value !== null);
  // Threads of a core repeat its count: only that it grew is of interest.
  return counts.length === 0 ? null : counts.reduce((sum, value) => sum + value, 0);
}

export interface MacHeat {
  /** Percent of its speed that the processor is held to; Intel's Macs tell it. */
  readonly speedLimit: number | null;
  /** 0 nominal, 1 moderate, 2 heavy, 3 trapping, 4 sleeping (libkern/OSThermalNotification.h). */
  readonly pressure: number | null;
}

export async function macHeat(): Promise<MacHeat> {
  const [therm, level] = await Promise.all([
    commandOutput("pmset", ["-g", "therm"]),
    commandOutput("notifyutil", ["-g", "com.apple.system.thermalpressurelevel"]),
  ]);
  return parseMacHeat(therm ?? "", level ?? "");
}

/** Of `pmset -g therm` and of `notifyutil -g`, which prints name and value. */
export function parseMacHeat(therm: string, level: string): MacHeat {
  return {
    speedLimit: number(/CPU_Speed_Limit\s*=\s*(\d+)/u.exec(therm)),
    pressure: number(/thermalpressurelevel\s+(\d+)/u.exec(level)),
  };
}

function number(match: RegExpExecArray | null): number | null {
  return match?.[1] === undefined ? null : Number(match[1]);
}

function count(path: string): number | null {
  const value = Number(systemText(path)?.trim() ?? Number.NaN);
  return Number.isNaN(value) ? null : value;
}
