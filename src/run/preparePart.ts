/** What one engine of a run measures, and with what that is judged. */
import { getOrMake } from "../base/getOrMake.ts";
import { ownDevices } from "../bench/lentDevices.ts";
import type { DeviceList } from "../bench/settings.ts";
import type { Engine } from "../engines/engine.ts";
import { checkDevices } from "../fit/checkDevices.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { probedBudget, totalGpuBudget, type MemoryBudget } from "../machine/memoryBudget.ts";
import { noiseFolder, readNoise } from "../machine/noise.ts";
import { withBaselines } from "../plan/baselines.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { hereSpeed } from "../plan/hereSpeed.ts";
import { clusterMachines } from "../plan/sharedSpeed.ts";
import { planCases, type PlanContext } from "../plan/plan.ts";
import { replan } from "../plan/replan.ts";
import type { SpeedModels } from "../predict/predictSpeed.ts";
import { plannedFor } from "../results/journalLines.ts";
import type { Order, OrderPart } from "./order.ts";
import type { RunOptions } from "./runOptions.ts";
import { checkSameEngine } from "./sameMachine.ts";

export interface PreparedPart {
  readonly engine: Engine;
  /** The run's, as this engine has them. */
  readonly options: RunOptions;
  readonly budget: MemoryBudget;
  /** Bytes of device memory in use where a placement names these devices; null without any. */
  readonly gpuBudgetOf: (devices: DeviceList) => number | null;
  /** What this machine's speeds are predicted from: as it was known before this run. */
  readonly speed: SpeedModels;
  readonly cases: readonly BenchCase[];
  /** In each pass a launch of each case that asks for so many; from 1. */
  readonly passes: readonly number[];
}

interface Known {
  readonly order: Order;
  readonly options: RunOptions;
  readonly machine: MachineInfo;
  /** By the name of its parts, whatever the user calls it. */
  readonly probed: MachineInfo;
  readonly cacheDir: string;
  readonly enginePackage: string;
}

/**
 * @param at which of the run's engines it is; 0 for its own
 * @throws as prepareRun does
 */
export async function preparePart(
  engine: Engine,
  at: number,
  { order, options, machine, probed, cacheDir, enginePackage }: Known,
): Promise<PreparedPart> {
  const { facts } = engine;
  const budgetWith = (devices: DeviceList) =>
    probedBudget(machine, facts, options.gpuBudgetBytes ?? undefined, devices);
  const budget = budgetWith("auto");
  const own = { ...facts, devices: ownDevices(facts) };
  const speeds = new Map<number, SpeedModels>();
  const speedWith = (nThreads: number) =>
    getOrMake(speeds, nThreads, () =>
      hereSpeed({ machine: probed, engine: own, cacheDir, ramGbps: options.ramGbps, nThreads }),
    );
  const speed = speedWith(machine.default_threads);
  const lenders = (await engine.lenders?.()) ?? [];
  const cases = await casesOf(order, at, {
    engine,
    budget,
    budgetWith,
    useCtx: options.useCtx,
    speedWith,
    machines: clusterMachines(facts, lenders, speed),
    defaultThreads: machine.default_threads,
    cacheDir,
    enginePackage,
  });
  const placements = cases.map(({ settings }) => settings.placement);
  checkDevices({ gpuBudgetBytes: null, placements }, [{ name: machine.name, budget }]);
  const launches = Math.max(0, ...cases.map((one) => one.launches));
  return {
    engine,
    // How much launches differ here is taken as it was known when the run began.
    options:
      order.kind === "new"
        ? { ...options, noise: readNoise(noiseFolder(cacheDir), machine, facts) }
        : options,
    budget,
    gpuBudgetOf: (devices) => totalGpuBudget(devices === "auto" ? budget : budgetWith(devices)),
    speed,
    cases,
    passes: Array.from({ length: launches }, (_, i) => i + 1),
  };
}

async function casesOf(
  order: Order,
  at: number,
  context: PlanContext,
): Promise<readonly BenchCase[]> {
  switch (order.kind) {
    case "new": {
      const part: OrderPart | undefined = at === 0 ? order : order.beside[at - 1];
      if (part === undefined) throw new Error("an engine that the order doesn't name");
      const cases = await planCases(part.models, part.settings, context);
      if (part.settings.noBaseline) return cases;
      return withBaselines(cases, part.settings, context);
    }
    case "resume": {
      const { run } = order.journal;
      const { facts } = context.engine;
      const before = at === 0 ? run.engine : run.beside?.[at - 1];
      if (before !== undefined) checkSameEngine(before, facts, order.path);
      return replan(plannedFor(run, at), order.path, context);
    }
    default:
      return order satisfies never;
  }
}
