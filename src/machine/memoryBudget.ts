/**
 * What a machine lets llama.cpp use, in bytes. A probed machine and a described one end in the same type,
 * so that "does it fit?" is one question.
 */
import { sumOf } from "../base/sumOf.ts";
import type { EngineDevice } from "../bench/engineInfo.ts";
import type { DeviceList } from "../bench/settings.ts";
import { isSoftwareDevice, offloadTargets } from "./offloadDevice.ts";

const mib = 2 ** 20;

/** What llama.cpp's own fitting leaves free on a device (`fit_params_target`, common/common.h, v0.4.0). */
const discreteMarginBytes = 1024 * mib;

/** Share of a unified budget within which a case is called tight: other programs draw from the same pool. */
const unifiedMarginShare = 0.05;

/** Kept back of the available RAM: the measuring process itself (Node and llama.cpp's code, about 200 MiB), doubled. */
const hostReserveBytes = 512 * mib;

/** Memory that is counted together: what one takes of it is gone for all who draw from it. */
export interface MemoryPool {
  /** What messages call it: `CUDA0`, `host memory`, or `memory` where devices and host share it. */
  readonly name: string;
  readonly budgetBytes: number;
}

export interface DeviceBudget {
  /** llama.cpp's name (`CUDA0`); of a described machine the GPU's. */
  readonly name: string;
  /** The hardware's name. */
  readonly description: string;
  /** The most that llama.cpp's buffers on this device may take. */
  readonly budgetBytes: number;
  /** A case that leaves less of the budget than this is tight: tried, and said so. */
  readonly marginBytes: number;
  /** What llama.cpp takes for free where it splits layers by memory; the budget where absent. */
  readonly freeBytes?: number;
  /** The name of the pool that it draws from: unified memory means that this is the host's. */
  readonly pool: string;
}

export interface MemoryBudget {
  /** In llama.cpp's order; none without a GPU. */
  readonly devices: readonly DeviceBudget[];
  /** The host's, and one of each device that has memory of its own. */
  readonly pools: readonly MemoryPool[];
  /** The name of the pool that the host draws from. */
  readonly hostPool: string;
  readonly ramBytes: number;
  /** The host's pool: RAM that can be filled without swapping, the reserve taken off. */
  readonly hostBytes: number;
  readonly hostReserveBytes: number;
  /** Metal's working set as it is set now, whatever the RAM has left; null without Metal. */
  readonly metalWorkingSetBytes: number | null;
  /** `--gpu-budget` stands in place of what the devices say. */
  readonly overridden: boolean;
}

/** A device's memory: its own, or the RAM that it shares with the host. */
export type DeviceMemory = "own" | "host";

/** The facts a budget is made from, read from a machine or from its description. */
export interface BudgetFacts {
  readonly ramBytes: number;
  /** RAM that programs can have without swapping, capped by a cgroup's limit. */
  readonly ramAvailableBytes: number;
  readonly metal: boolean;
  readonly devices: readonly {
    readonly name: string;
    readonly description: string;
    readonly memory: DeviceMemory;
    /** Free bytes of a device with its own memory; the working set on Metal. */
    readonly usableBytes: number;
    /** What llama.cpp takes for free, where that is more. */
    readonly freeBytes?: number | undefined;
  }[];
}

/** `gpuBudgetBytes` is `--gpu-budget`: bytes for each device, in place of what it says of itself. */
export function memoryBudget(facts: BudgetFacts, gpuBudgetBytes?: number): MemoryBudget {
  const hostBytes = Math.max(0, facts.ramAvailableBytes - hostReserveBytes);
  const shared = facts.devices.some(({ memory }) => memory === "host");
  const hostPool = shared ? "memory" : "host memory";
  const devices = facts.devices.map(({ name, description, memory, usableBytes, freeBytes }) => {
    const allowed = gpuBudgetBytes ?? usableBytes;
    // An explicit budget is the user's own line: it has no margin.
    const withMargin = (marginBytes: number) => (gpuBudgetBytes === undefined ? marginBytes : 0);
    switch (memory) {
      case "host": {
        // The pool holds no more than the RAM has left, whatever a limit allows.
        const budgetBytes = Math.min(allowed, hostBytes);
        const marginBytes = withMargin(Math.round(budgetBytes * unifiedMarginShare));
        return { name, description, budgetBytes, marginBytes, pool: hostPool };
      }
      case "own": {
        const marginBytes = withMargin(discreteMarginBytes);
        const free = freeBytes === undefined ? {} : { freeBytes };
        return { name, description, budgetBytes: allowed, marginBytes, pool: name, ...free };
      }
      default:
        return memory satisfies never;
    }
  });
  return {
    devices,
    pools: [
      ...devices
        .filter(({ pool }) => pool !== hostPool)
        .map(({ pool, budgetBytes }) => ({ name: pool, budgetBytes })),
      { name: hostPool, budgetBytes: hostBytes },
    ],
    hostPool,
    ramBytes: facts.ramBytes,
    hostBytes,
    hostReserveBytes,
    metalWorkingSetBytes: facts.metal ? (facts.devices[0]?.usableBytes ?? null) : null,
    overridden: gpuBudgetBytes !== undefined && devices.length > 0,
  };
}

/** Of all pools together. */
export function totalMemory({ pools }: MemoryBudget): number {
  return sumOf(pools, ({ budgetBytes }) => budgetBytes);
}

/** Whether a device takes what it takes from the host. */
export function sharesHostMemory({ devices, hostPool }: MemoryBudget): boolean {
  return devices.some(({ pool }) => pool === hostPool);
}

/** Whether a device holds what the host then need not. */
export function hasDeviceMemory({ devices, hostPool }: MemoryBudget): boolean {
  return devices.some(({ pool }) => pool !== hostPool);
}

/** As with `--device cpu`. */
export function withoutDevices(budget: MemoryBudget): MemoryBudget {
  const pools = budget.pools.filter(({ name }) => name === budget.hostPool);
  return { ...budget, devices: [], pools, metalWorkingSetBytes: null };
}

/** As if the machine had that much memory for the host. */
export function withHostBytes(budget: MemoryBudget, hostBytes: number): MemoryBudget {
  const pools = budget.pools.map((pool) =>
    pool.name === budget.hostPool ? { ...pool, budgetBytes: hostBytes } : pool,
  );
  return { ...budget, hostBytes, pools };
}

/** The budget of a probed machine, from the devices that its engine lists. */
export function probedBudget(
  machine: { readonly ram_bytes: number; readonly ram_available_bytes: number },
  engine: { readonly backend: string | null; readonly devices: readonly EngineDevice[] },
  gpuBudgetBytes?: number,
  devices: DeviceList = "auto",
): MemoryBudget {
  const metal = engine.backend === "metal";
  const targets = targetsOf(devices, engine.devices);
  return memoryBudget(
    {
      ramBytes: machine.ram_bytes,
      ramAvailableBytes: machine.ram_available_bytes,
      metal,
      devices: targets.map((device) => {
        const { name, description } = device;
        return Object.assign({ name, description }, memoryOf(device, metal));
      }),
    },
    gpuBudgetBytes,
  );
}

/** What another machine lends is that machine's, whatever this one's memory is. */
function memoryOf(
  device: EngineDevice,
  metal: boolean,
): Pick<BudgetFacts["devices"][number], "memory" | "usableBytes" | "freeBytes"> {
  const { free_bytes: freeBytes, total_bytes, budget_bytes: usableBytes } = device;
  if (usableBytes !== undefined) return { memory: "own", usableBytes, freeBytes };
  return {
    memory: metal || device.type === "igpu" ? "host" : "own",
    // Metal's `free` knows only this process, and its total is the working set (ggml-metal-device.m).
    // A software device says "all free" always, and its total is what its heap holds.
    usableBytes: metal || isSoftwareDevice(device) ? total_bytes : freeBytes,
  };
}

/** Those that are named, in that order: an integrated GPU beside others too, which is else left out. */
function targetsOf(asked: DeviceList, devices: readonly EngineDevice[]): readonly EngineDevice[] {
  if (asked === "auto") return offloadTargets(devices);
  const gpus = devices.filter(({ type }) => type === "gpu" || type === "igpu");
  return asked.flatMap((name) => gpus.find((gpu) => gpu.name === name) ?? []);
}

/** As if the machine had the named devices alone, in that order. */
export function withDevices(budget: MemoryBudget, asked: DeviceList): MemoryBudget {
  if (asked === "auto") return budget;
  const devices = asked.flatMap((name) => budget.devices.find((one) => one.name === name) ?? []);
  if (devices.length === 0) return withoutDevices(budget);
  const kept = new Set([budget.hostPool, ...devices.map(({ pool }) => pool)]);
  return { ...budget, devices, pools: budget.pools.filter(({ name }) => kept.has(name)) };
}

/** All devices together, as the CSV's `gpu_budget_bytes`; null without a GPU. */
export function totalGpuBudget({ devices }: MemoryBudget): number | null {
  return devices.length === 0
    ? null
    : devices.reduce((sum, { budgetBytes }) => sum + budgetBytes, 0);
}
