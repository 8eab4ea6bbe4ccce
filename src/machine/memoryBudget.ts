/**
 * What a machine lets llama.cpp use, in bytes. A probed machine and a described one end in the same type,
 * so that "does it fit?" is one question.
 */
import type { EngineDevice } from "../bench/engineInfo.ts";
import { isSoftwareDevice, offloadTargets } from "./offloadDevice.ts";

const mib = 2 ** 20;

/** What llama.cpp's own fitting leaves free on a device (`fit_params_target`, common/common.h, v0.4.0). */
const discreteMarginBytes = 1024 * mib;

/** Share of a unified budget within which a case is called tight: other programs draw from the same pool. */
const unifiedMarginShare = 0.05;

/** Kept back of the available RAM: the measuring process itself (Node and llama.cpp's code, about 200 MiB), doubled. */
const hostReserveBytes = 512 * mib;

export interface DeviceBudget {
  /** llama.cpp's name (`CUDA0`); of a described machine the GPU's. */
  readonly name: string;
  /** The hardware's name. */
  readonly description: string;
  /** The most that llama.cpp's buffers on this device may take. */
  readonly budgetBytes: number;
  /** A case that leaves less of the budget than this is tight: tried, and said so. */
  readonly marginBytes: number;
}

export interface MemoryBudget {
  /**
   * `discrete`: devices with memory of their own, beside the host's.
   * `unified`: one pool; what devices take is taken from `hostBytes` too.
   * `host`: no GPU, the RAM is all there is.
   */
  readonly kind: "discrete" | "unified" | "host";
  /** In llama.cpp's order; empty for `host`. */
  readonly devices: readonly DeviceBudget[];
  readonly ramBytes: number;
  /** RAM that can be filled without swapping, the reserve taken off. On unified memory: for device and host together. */
  readonly hostBytes: number;
  readonly hostReserveBytes: number;
  /** Metal's working set as it is set now, whatever the RAM has left; null without Metal. */
  readonly metalWorkingSetBytes: number | null;
  /** `--gpu-budget` stands in place of what the devices say. */
  readonly overridden: boolean;
}

/** The facts a budget is made from, read from a machine or from its description. */
export interface BudgetFacts {
  readonly ramBytes: number;
  /** RAM that programs can have without swapping, capped by a cgroup's limit. */
  readonly ramAvailableBytes: number;
  readonly unified: boolean;
  readonly metal: boolean;
  readonly devices: readonly {
    readonly name: string;
    readonly description: string;
    /** Free bytes of a device with its own memory; the working set on Metal. */
    readonly usableBytes: number;
  }[];
}

/** `gpuBudgetBytes` is `--gpu-budget`: bytes for each device, in place of what it says of itself. */
export function memoryBudget(facts: BudgetFacts, gpuBudgetBytes?: number): MemoryBudget {
  const hostBytes = Math.max(0, facts.ramAvailableBytes - hostReserveBytes);
  const devices = facts.devices.map(({ name, description, usableBytes }) => {
    const allowed = gpuBudgetBytes ?? usableBytes;
    // Unified memory holds no more than the RAM has left, whatever a limit allows.
    const budgetBytes = facts.unified ? Math.min(allowed, hostBytes) : allowed;
    const marginBytes = facts.unified
      ? Math.round(budgetBytes * unifiedMarginShare)
      : discreteMarginBytes;
    // An explicit budget is the user's own line: it has no margin.
    return {
      name,
      description,
      budgetBytes,
      marginBytes: gpuBudgetBytes === undefined ? marginBytes : 0,
    };
  });
  return {
    kind: kindOf(facts),
    devices,
    ramBytes: facts.ramBytes,
    hostBytes,
    hostReserveBytes,
    metalWorkingSetBytes: facts.metal ? (facts.devices[0]?.usableBytes ?? null) : null,
    overridden: gpuBudgetBytes !== undefined && devices.length > 0,
  };
}

function kindOf({ devices, unified }: BudgetFacts): MemoryBudget["kind"] {
  if (devices.length === 0) return "host";
  return unified ? "unified" : "discrete";
}

/** The budget of a probed machine, from the devices that its engine lists. */
export function probedBudget(
  machine: { readonly ram_bytes: number; readonly ram_available_bytes: number },
  engine: { readonly backend: string; readonly devices: readonly EngineDevice[] },
  gpuBudgetBytes?: number,
): MemoryBudget {
  const metal = engine.backend === "metal";
  const targets = offloadTargets(engine.devices);
  return memoryBudget(
    {
      ramBytes: machine.ram_bytes,
      ramAvailableBytes: machine.ram_available_bytes,
      unified: metal || targets.some(({ type }) => type === "igpu"),
      metal,
      devices: targets.map((device) => ({
        name: device.name,
        description: device.description,
        // Metal's `free` knows only this process, and its total is the working set (ggml-metal-device.m).
        // A software device says "all free" always, and its total is what its heap holds.
        usableBytes: metal || isSoftwareDevice(device) ? device.total_bytes : device.free_bytes,
      })),
    },
    gpuBudgetBytes,
  );
}

/** All devices together, as the CSV's `gpu_budget_bytes`; null without a GPU. */
export function totalGpuBudget({ devices }: MemoryBudget): number | null {
  return devices.length === 0
    ? null
    : devices.reduce((sum, { budgetBytes }) => sum + budgetBytes, 0);
}
