/** Everything that is known before anything is measured: machine, plan, and what an earlier part of the run left. */
import { groupBy } from "../base/groupBy.ts";
import { enginePackage } from "../base/version.ts";
import { ownDevices } from "../bench/lentDevices.ts";
import type { DeviceList } from "../bench/settings.ts";
import type { TimedLaunch } from "../bench/launch.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { Engine } from "../engines/engine.ts";
import { checkDevices } from "../fit/checkDevices.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { probedBudget, totalGpuBudget, type MemoryBudget } from "../machine/memoryBudget.ts";
import { noiseFolder, readNoise } from "../machine/noise.ts";
import { askSystem, probeMachine, type ToldSystem } from "../machine/probe.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { hereSpeed } from "../plan/caseSpeed.ts";
import { withBaselines } from "../plan/baselines.ts";
import { planCases, type PlanContext } from "../plan/plan.ts";
import { replan } from "../plan/replan.ts";
import type { SpeedModels } from "../predict/predictSpeed.ts";
import { standing, type Order, type ResumeOrder } from "./order.ts";
import { defaultDirectory } from "./runNames.ts";
import type { RunOptions } from "./runOptions.ts";
import { checkSameEngine, checkSameMachine } from "./sameMachine.ts";

export interface PreparedRun {
  readonly order: Order;
  readonly options: RunOptions;
  readonly machine: MachineInfo;
  /** The machine's name by its parts, whatever the user calls it. */
  readonly machineKind: string;
  readonly engine: Engine;
  readonly budget: MemoryBudget;
  /** Bytes of device memory in use where a placement names these devices; null without any. */
  readonly gpuBudgetOf: (devices: DeviceList) => number | null;
  readonly cacheDir: string;
  readonly directory: string;
  /** What this machine's speeds are predicted from: as it was known before this run. */
  readonly speed: SpeedModels;
  readonly cases: readonly BenchCase[];
  /** Cases that have a result already, and cases that have launches to come. */
  readonly earlier: Earlier;
  /** Cases that have no result yet. */
  readonly due: readonly BenchCase[];
  /** In each pass a launch of each case that asks for so many; from 1. */
  readonly passes: readonly number[];
}

export interface Earlier {
  readonly done: ReadonlyMap<string, CaseRecord>;
  readonly begun: ReadonlyMap<string, readonly TimedLaunch[]>;
}

/**
 * @param told of this machine, asked already while the engine started
 * @throws {LlmbenchError} for whatever makes the run impossible: device, model, file, quantization, another machine.
 */
export async function prepareRun(
  order: Order,
  engine: Engine,
  told: Promise<ToldSystem> = askSystem(),
): Promise<PreparedRun> {
  const { facts } = engine;
  const cacheDir = cacheFolder();
  // Where the engine names no devices, the system tells its own.
  const gpus = facts.devices.length === 0 ? undefined : ownDevices(facts);
  const probed = await probeMachine({ gpus, told });
  const machine = { ...probed, name: order.options.machineName ?? probed.name };
  const budgetWith = (devices: DeviceList) =>
    probedBudget(machine, facts, order.options.gpuBudgetBytes ?? undefined, devices);
  const budget = budgetWith("auto");
  const speed = hereSpeed(probed, { ...facts, devices: ownDevices(facts) }, cacheDir);
  const context: PlanContext = {
    engine,
    budget,
    budgetWith,
    useCtx: order.options.useCtx,
    speed,
    defaultThreads: machine.default_threads,
    cacheDir,
    enginePackage: enginePackage(),
  };
  const cases = await casesOf(order, context, machine);
  const placements = cases.map(({ settings }) => settings.placement);
  const { gpuBudgetBytes } = order.options;
  checkDevices({ gpuBudgetBytes, placements }, [{ name: machine.name, budget }]);
  const earlier = earlierOf(order);
  return {
    order,
    options: optionsHere(order, readNoise(noiseFolder(cacheDir), machine, facts)),
    machine,
    machineKind: probed.name,
    engine,
    budget,
    gpuBudgetOf: (devices) => totalGpuBudget(devices === "auto" ? budget : budgetWith(devices)),
    cacheDir,
    directory: order.directory ?? defaultDirectory(machine.name, new Date()),
    speed,
    cases,
    earlier,
    due: cases.filter(({ id }) => !earlier.done.has(id)),
    passes: Array.from(
      { length: Math.max(0, ...cases.map(({ launches }) => launches)) },
      (_, i) => i + 1,
    ),
  };
}

async function casesOf(
  order: Order,
  context: PlanContext,
  machine: MachineInfo,
): Promise<readonly BenchCase[]> {
  switch (order.kind) {
    case "new": {
      const cases = await planCases(order.models, order.settings, context);
      if (order.settings.noBaseline) return cases;
      return withBaselines(cases, order.settings, context);
    }
    case "resume": {
      const { run } = order.journal;
      checkSameEngine(run.engine, context.engine.facts, order.path);
      checkSameMachine(run.machine, machine, order.path);
      return replan(run.plan, order.path, context);
    }
    default:
      return order satisfies never;
  }
}

/** How much launches differ here is taken as it was known when the run began. */
function optionsHere({ kind, options }: Order, noise: RunOptions["noise"]): RunOptions {
  return kind === "new" ? { ...options, noise } : options;
}

const nothing: Earlier = { done: new Map(), begun: new Map() };

function earlierOf(order: Order): Earlier {
  return order.kind === "new" ? nothing : inJournal(order);
}

function inJournal(order: ResumeOrder): Earlier {
  const done = standing(order).map((one) => [one.id, one] as const);
  return { done: new Map(done), begun: begunIn(order.journal) };
}

/** In journals of earlier versions a line holds the launches before it too. */
function begunIn({ launches }: ResumeOrder["journal"]): Earlier["begun"] {
  const byCase = groupBy(launches, ({ result }) => result.id);
  const begun = [...byCase].map(([id, lines]) => {
    const told = lines.flatMap(({ result }) => result.launches);
    return [id, [...new Map(told.map((launch) => [launch.number, launch])).values()]] as const;
  });
  return new Map(begun);
}
