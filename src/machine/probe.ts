/** Asks this machine what it is. No single question that fails, or finds nothing, keeps the others from an answer. */
import { availableParallelism, cpus, release, totalmem } from "node:os";
import si from "systeminformation";
import type { PowerSource } from "../bench/conditions.ts";
import type { EngineDevice } from "../bench/engineInfo.ts";
import { readCgroupLimits } from "./cgroup.ts";
import { commandOutput } from "./commandOutput.ts";
import { defaultThreads } from "./defaultThreads.ts";
import { asDevices, noGraphics, probeGraphics, type Graphics } from "./graphics.ts";
import { readLinuxCpu } from "./linuxCpu.ts";
import { machineInfoSchema, type MachineInfo } from "./machineInfo.ts";
import { machineName } from "./machineName.ts";
import { offloadTargets } from "./offloadDevice.ts";
import { linuxPowerSource, powerMode } from "./power.ts";

export interface ProbeOptions {
  /** `--machine-name`. */
  readonly machineName?: string | undefined;
  /** Devices as llama.cpp lists them; without them the system's own list of cards stands in. */
  readonly gpus?: readonly EngineDevice[] | undefined;
  /** What `probeGraphics` found, where it was asked already. */
  readonly graphics?: Graphics | undefined;
  /** What the system was asked already. */
  readonly told?: Promise<ToldSystem> | undefined;
}

/** What a system tells of itself, whatever an engine finds in it. Null is what it doesn't tell. */
export interface ToldSystem {
  readonly system: si.Systeminformation.SystemData | null;
  readonly osInfo: si.Systeminformation.OsData | null;
  readonly cpu: si.Systeminformation.CpuData | null;
  readonly source: PowerSource | null;
  readonly mode: string | null;
  readonly wiredLimitMib: number | null;
  readonly graphics: Graphics;
}

/** A question that takes longer is given up: the facts are worth a moment, not a wait. */
const patienceMs = 4000;

/** Starts a dozen programs, which may run while an engine starts. Never rejects. */
export async function askSystem(known?: Graphics): Promise<ToldSystem> {
  const [system, osInfo, cpu, source, mode, wiredLimitMib, graphics] = await Promise.all([
    answer(si.system(), null),
    answer(si.osInfo(), null),
    answer(si.cpu(), null),
    answer(powerSource(), null),
    answer(powerMode(process.platform), null),
    answer(metalWiredLimitMib(), null),
    known ?? answer(probeGraphics(), noGraphics),
  ]);
  return { system, osInfo, cpu, source, mode, wiredLimitMib, graphics };
}

export async function probeMachine(options: ProbeOptions = {}): Promise<MachineInfo> {
  const { platform, arch } = process;
  const [told, memory] = await Promise.all([
    options.told ?? askSystem(options.graphics),
    // What an engine takes that starts meanwhile isn't there for a model.
    answer(si.mem(), null),
  ]);
  const { system, osInfo, cpu, source, mode, wiredLimitMib, graphics } = told;
  const linux = platform === "linux" ? readLinuxCpu() : null;
  const limits = readCgroupLimits();

  const cores = coresOf(cpu, linux);
  const cpuInfo = cpuModel() ?? `${cpu?.manufacturer ?? ""} ${cpu?.brand ?? ""}`.trim();
  const ramBytes = totalmem();
  const limitBytes =
    limits.memoryLimitBytes !== null && limits.memoryLimitBytes < ramBytes
      ? limits.memoryLimitBytes
      : null;
  const gpus = gpusOf(options.gpus, graphics);
  const apple = platform === "darwin" && arch === "arm64";

  return machineInfoSchema.parse({
    name:
      options.machineName ??
      machineName({ cpu: cpuInfo, ramBytes, gpus, gpuCores: graphics.appleGpuCores }),
    machine_model: machineModel(system),
    os: osName(osInfo),
    driver: graphics.cards.map(({ driver }) => driver).find((driver) => driver !== null) ?? null,
    cpu_info: cpuInfo,
    cores,
    default_threads: defaultThreads(
      { platform, arch, ...cores, performanceCpus: linux?.performanceCpus ?? null },
      { affinity: availableParallelism(), quota: limits.cpuQuota },
    ),
    gpu_info: gpuInfo(gpus) ?? (apple ? cpuInfo : null),
    gpu_cores: graphics.appleGpuCores,
    unified_memory: apple || (gpus.length > 0 && gpus.every(({ type }) => type === "igpu")),
    ram_bytes: ramBytes,
    ram_available_bytes: Math.max(
      0,
      Math.min(
        memory?.available ?? ramBytes,
        limits.memoryAvailableBytes ?? ramBytes,
        limitBytes ?? ramBytes,
      ),
    ),
    ram_limit_bytes: limitBytes,
    swap_used_bytes: Math.round(memory?.swapused ?? 0),
    power_source: source ?? (system?.virtual === true ? "unknown" : "ac"),
    power_mode: mode,
    metal_wired_limit_bytes:
      wiredLimitMib === null || wiredLimitMib === 0 ? null : wiredLimitMib * 2 ** 20,
  });
}

/** The answer, or `fallback` if the question fails or takes too long. */
async function answer<Answer, Fallback>(
  question: Promise<Answer>,
  fallback: Fallback,
): Promise<Answer | Fallback> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<Fallback>((resolve) => {
    timer = setTimeout(() => resolve(fallback), patienceMs);
  });
  try {
    return await Promise.race([question.catch(() => fallback), impatience]);
  } finally {
    clearTimeout(timer);
  }
}

/** Null where nothing is listed: a desktop, which has no battery to run on, or a guest, which can't tell. */
async function powerSource(): Promise<PowerSource | null> {
  if (process.platform === "linux") return linuxPowerSource();
  const { hasBattery, acConnected } = await si.battery();
  if (!hasBattery) return null;
  return acConnected ? "ac" : "battery";
}

/** What the owner set with `sysctl iogpu.wired_limit_mb`; 0 is macOS's own choice. */
async function metalWiredLimitMib(): Promise<number | null> {
  if (process.platform !== "darwin") return null;
  const output = await commandOutput("sysctl", ["-n", "iogpu.wired_limit_mb"]);
  const value = Number.parseInt(output ?? "", 10);
  return Number.isNaN(value) ? null : value;
}

function coresOf(
  cpu: si.Systeminformation.CpuData | null,
  linux: ReturnType<typeof readLinuxCpu> | null,
): MachineInfo["cores"] {
  const logical = Math.max(1, cpus().length);
  // llama.cpp's guess where it can't count either (common/common.cpp, v0.4.0).
  const guess = logical <= 4 ? logical : Math.floor(logical / 2);
  const physical = linux?.physical ?? cpu?.physicalCores ?? guess;
  const efficiency =
    linux === null ? (cpu?.efficiencyCores ?? 0) : (linux.efficiencyCpus?.length ?? 0);
  return efficiency > 0 && efficiency < physical
    ? { logical, physical, performance: physical - efficiency, efficiency }
    : { logical, physical, performance: null, efficiency: null };
}

/** The name in full, as llama-bench's `cpu_info` has it; Linux on ARM says "unknown". */
function cpuModel(): string | null {
  const model = cpus()[0]?.model.trim() ?? "";
  return model === "" || model === "unknown" ? null : model;
}

function machineModel(system: si.Systeminformation.SystemData | null): string | null {
  const { manufacturer = "", model = "" } = system ?? {};
  // What systeminformation says where the firmware tells nothing.
  if (model === "" || model === "Computer") return null;
  return manufacturer === "" || model.startsWith(manufacturer) ? model : `${manufacturer} ${model}`;
}

function osName(osInfo: si.Systeminformation.OsData | null): string {
  if (osInfo === null) return `${process.platform} ${release()}`;
  const { distro, release: version, arch, kernel } = osInfo;
  // A distribution's kernel is its driver for memory and power; elsewhere it follows from the version.
  return [distro, version, arch, process.platform === "linux" ? `kernel ${kernel}` : ""]
    .filter((part) => part !== "" && part !== "unknown")
    .join(" ");
}

function gpusOf(listed: readonly EngineDevice[] | undefined, { cards }: Graphics): EngineDevice[] {
  const computing = offloadTargets(listed ?? []);
  return computing.length > 0 ? computing : asDevices(cards);
}

/** `2x NVIDIA GeForce RTX 4090`, kinds joined with ` + `. */
function gpuInfo(gpus: readonly EngineDevice[]): string | null {
  const counts = new Map<string, number>();
  for (const { description } of gpus) counts.set(description, (counts.get(description) ?? 0) + 1);
  const kinds = [...counts].map(([name, count]) => (count > 1 ? `${count}x ${name}` : name));
  return kinds.length === 0 ? null : kinds.join(" + ");
}
