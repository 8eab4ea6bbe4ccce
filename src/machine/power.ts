/** Where the power comes from and how it is spent: both move a laptop's numbers by a third. */
import { join } from "node:path";
import { systemNames, systemText } from "../base/systemFile.ts";
import type { PowerSource } from "../bench/conditions.ts";
import { commandOutput } from "./commandOutput.ts";

/** Linux' power supplies (Documentation/ABI/testing/sysfs-class-power): null where none is listed. */
export function linuxPowerSource(root = "/"): PowerSource | null {
  const folder = join(root, "sys/class/power_supply");
  const supplies = systemNames(folder).map((name) => ({
    type: read(join(folder, name, "type")),
    online: read(join(folder, name, "online")),
    status: read(join(folder, name, "status")),
    // A wireless mouse's battery has the scope "Device".
    scope: read(join(folder, name, "scope")),
  }));
  const mains = supplies.filter(({ type }) => type === "Mains" || type === "USB");
  if (mains.some(({ online }) => online === "1")) return "ac";
  const batteries = supplies.filter(({ type, scope }) => type === "Battery" && scope !== "Device");
  if (batteries.length === 0) return mains.length === 0 ? null : "unknown";
  return batteries.some(({ status }) => status === "Discharging") ? "battery" : "ac";
}

/** The system's own word for its power mode, null where it has none or doesn't tell. */
export async function powerMode(platform: NodeJS.Platform): Promise<string | null> {
  if (platform === "darwin") return macPowerMode((await commandOutput("pmset", ["-g"])) ?? "");
  if (platform === "linux") return linuxPowerMode();
  if (platform === "win32") {
    return windowsPowerMode((await commandOutput("powercfg", ["/getactivescheme"])) ?? "");
  }
  return null;
}

/** Where the power comes from just now; null where the system isn't asked, since its answer takes too long. */
export async function powerSourceNow(platform: NodeJS.Platform): Promise<PowerSource | null> {
  if (platform === "linux") return linuxPowerSource();
  if (platform !== "darwin") return null;
  return macPowerSource((await commandOutput("pmset", ["-g", "batt"])) ?? "");
}

/** Of `pmset -g batt`: `Now drawing from 'AC Power'`. */
export function macPowerSource(batteries: string): PowerSource | null {
  const source = /drawing from '(AC|Battery|UPS) Power'/u.exec(batteries)?.[1];
  if (source === undefined) return null;
  return source === "AC" ? "ac" : "battery";
}

/** Whether the system saves power at the cost of speed; null where it has no such mode or doesn't tell. */
export async function isLowPower(platform: NodeJS.Platform): Promise<boolean | null> {
  if (platform === "linux") return linuxLowPower();
  const mode = await powerMode(platform);
  return mode === null ? null : mode === "low power" || mode === "power saver";
}

/** Drivers whose governor "powersave" is the ordinary one (Documentation/admin-guide/pm/intel_pstate.rst, amd-pstate.rst). */
const selfGoverned = new Set(["intel_pstate", "amd-pstate-epp", "amd_pstate_epp"]);

/** The firmware's profile, the governor that holds the lowest clock, or the preference for energy over speed. */
export function linuxLowPower(root = "/"): boolean | null {
  const cpu = join(root, "sys/devices/system/cpu/cpu0/cpufreq");
  const profile = read(join(root, "sys/firmware/acpi/platform_profile"));
  const governor = read(join(cpu, "scaling_governor"));
  const preference = read(join(cpu, "energy_performance_preference"));
  if (profile === null && governor === null) return null;
  const held =
    governor === "powersave" && !selfGoverned.has(read(join(cpu, "scaling_driver")) ?? "");
  return profile === "low-power" || held || preference === "power";
}

/** By pmset's number. */
const macPowerModes = ["automatic", "low power", "high power"] as const;

/** Of `pmset -g`: `powermode` where a Mac has three modes, `lowpowermode` where it has two. */
export function macPowerMode(settings: string): string | null {
  const value = (key: string): string | undefined =>
    new RegExp(`^\\s*${key}\\s+(\\d)`, "m").exec(settings)?.[1];
  const mode = value("powermode") ?? value("lowpowermode");
  return mode === undefined ? null : (macPowerModes[Number(mode)] ?? null);
}

/** The firmware's profile and the CPU's frequency governor: `balanced (governor powersave)`. */
export function linuxPowerMode(root = "/"): string | null {
  const profile = read(join(root, "sys/firmware/acpi/platform_profile"));
  const governor = read(join(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
  if (governor === null) return profile;
  return profile === null ? `governor ${governor}` : `${profile} (governor ${governor})`;
}

/** The plans that every Windows has; their names are translated, their GUIDs are not. */
const windowsPlans: Readonly<Record<string, string>> = {
  "381b4222-f694-41f0-9685-ff5bb260df2e": "balanced",
  "8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c": "high performance",
  "a1841308-3541-4fab-bc81-f71556f20b4a": "power saver",
  "e9a42b02-d5df-448d-aa00-03f14749eb61": "ultimate performance",
};

/** Of `powercfg /getactivescheme`: a GUID, and the plan's name in parentheses. */
export function windowsPowerMode(scheme: string): string | null {
  const match = /([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:\s+\((.+)\))?/i.exec(scheme);
  if (match === null) return null;
  return windowsPlans[match[1]?.toLowerCase() ?? ""] ?? match[2] ?? null;
}

function read(path: string): string | null {
  return systemText(path)?.trim() ?? null;
}
