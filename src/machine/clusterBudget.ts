/** Described machines that measure together: the first one with its devices, and what the others lend it. */
import { describedBudget, type DescribedMachine } from "./describedMachine.ts";
import type { DeviceBudget, MemoryBudget } from "./memoryBudget.ts";

/** What one machine of a cluster holds layers with. */
export interface ClusterPart {
  readonly machine: DescribedMachine;
  /** Names of its devices in the cluster's budget. */
  readonly devices: readonly string[];
}

export interface ClusterBudget {
  readonly budget: MemoryBudget;
  /** In the order in which layers go through them. */
  readonly parts: readonly ClusterPart[];
}

/**
 * Lent devices come before the machine's own (llama_prepare_model_devices, src/llama.cpp, v0.4.0), each with its memory
 * for itself. A machine without a GPU lends its RAM; the first one's holds no layers beside them.
 */
export function clusterBudget(
  [first, ...others]: readonly [DescribedMachine, ...DescribedMachine[]],
  gpuBudgetBytes?: number,
): ClusterBudget {
  const own = describedBudget(first, gpuBudgetBytes);
  const lent: DeviceBudget[] = [];
  const parts: ClusterPart[] = [];
  for (const machine of others) {
    const names: string[] = [];
    for (const device of lentBy(machine, gpuBudgetBytes)) {
      const name = `RPC${lent.length}`;
      names.push(name);
      lent.push({ ...device, name, pool: name });
    }
    parts.push({ machine, devices: names });
  }
  const pools = lent.map(({ pool, budgetBytes }) => ({ name: pool, budgetBytes }));
  return {
    budget: {
      ...own,
      devices: [...lent, ...own.devices],
      pools: [...pools, ...own.pools],
      // A raised limit on one of several machines is not what a case needs.
      metalWorkingSetBytes: null,
    },
    parts: [...parts, { machine: first, devices: own.devices.map(({ name }) => name) }],
  };
}

function lentBy(machine: DescribedMachine, gpuBudgetBytes?: number): readonly DeviceBudget[] {
  const { devices, hostBytes, hostPool } = describedBudget(machine, gpuBudgetBytes);
  if (devices.length > 0) return devices;
  return [
    {
      name: machine.id,
      description: machine.gpu.name,
      budgetBytes: hostBytes,
      marginBytes: 0,
      pool: hostPool,
    },
  ];
}
