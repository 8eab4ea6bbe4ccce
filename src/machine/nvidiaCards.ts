/** NVIDIA's cards by NVIDIA's own word. */
import { systemText } from "../base/systemFile.ts";
import { commandOutput } from "./commandOutput.ts";
import type { GraphicsCard } from "./graphicsCard.ts";

const mib = 2 ** 20;

/** What systeminformation asks nvidia-smi only where lspci listed the card: not in containers, not under WSL. */
export async function nvidiaCards(): Promise<GraphicsCard[]> {
  const query = "--query-gpu=name,driver_version,memory.total,utilization.gpu";
  const output = await commandOutput("nvidia-smi", [query, "--format=csv,noheader,nounits"]);
  return output === null ? kernelModuleCards() : parseNvidiaSmi(output);
}

export function parseNvidiaSmi(output: string): GraphicsCard[] {
  return output
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length === 4)
    .map(([name = "", driver = "", memoryMib = "", busy = ""]) => ({
      vendor: "nvidia",
      name,
      memoryBytes: (toNumber(memoryMib) ?? 0) * mib || null,
      driver: driver === "" ? null : driver,
      busyPercent: toNumber(busy),
    }));
}

/** Without nvidia-smi the kernel module still tells its version: `NVRM version: … Kernel Module  570.86.15  Thu …`. */
function kernelModuleCards(): GraphicsCard[] {
  const version = systemText("/proc/driver/nvidia/version");
  if (version === null) return [];
  const driver = /\s(\d{3,}\.[\d.]+)\s/.exec(version)?.[1] ?? null;
  return [{ vendor: "nvidia", name: "NVIDIA GPU", memoryBytes: null, driver, busyPercent: null }];
}

/** "[N/A]" is no number. */
function toNumber(text: string): number | null {
  const value = Number(text);
  return text === "" || Number.isNaN(value) ? null : value;
}
