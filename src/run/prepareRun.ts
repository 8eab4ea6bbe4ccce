/** Everything that is known before anything is measured: machine, plan, and what an earlier part of the run left. */
import { groupBy } from "../base/groupBy.ts";
import { enginePackage } from "../base/version.ts";
import { ownDevices } from "../bench/lentDevices.ts";
import { isNonEmpty, type NonEmpty, type TimedLaunch } from "../bench/launch.ts";
import type { CaseRecord } from "../bench/record.ts";
import { isOfMachine } from "../bench/workload.ts";
import type { Engine } from "../engines/engine.ts";
import { checkDevices } from "../fit/checkDevices.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { askSystem, probeMachine, type ToldSystem } from "../machine/probe.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { standing, type Order, type ResumeOrder } from "./order.ts";
import { preparePart, type PreparedPart } from "./preparePart.ts";
import { defaultDirectory } from "./runNames.ts";
import { engineOptions, type RunOptions } from "./runOptions.ts";
import { checkSameMachine } from "./sameMachine.ts";

export interface PreparedRun {
  readonly order: Order;
  readonly options: RunOptions;
  readonly machine: MachineInfo;
  /** The machine's name by its parts, whatever the user calls it. */
  readonly machineKind: string;
  readonly cacheDir: string;
  readonly directory: string;
  /** What each engine measures, in turn; the run's own first. */
  readonly parts: NonEmpty<PreparedPart>;
  /** Those of all parts, as tables show them: first of the machine alone. */
  readonly cases: readonly BenchCase[];
  /** Cases that have a result already, and cases that have launches to come. */
  readonly earlier: Earlier;
  /** Cases that have no result yet, as they are measured. */
  readonly due: readonly BenchCase[];
}

export interface Earlier {
  readonly done: ReadonlyMap<string, CaseRecord>;
  readonly begun: ReadonlyMap<string, readonly TimedLaunch[]>;
}

/**
 * @param engines as `engineOptions` has them
 * @param told of this machine, asked already while the engines started
 * @throws {LlmbenchError} for whatever makes the run impossible: device, model, file, quantization, another machine.
 */
export async function prepareRun(
  order: Order,
  engines: NonEmpty<Engine>,
  told: Promise<ToldSystem> = askSystem(),
): Promise<PreparedRun> {
  const cacheDir = cacheFolder();
  const [{ facts }] = engines;
  // Where the engine names no devices, the system tells its own.
  const gpus = facts.devices.length === 0 ? undefined : ownDevices(facts);
  const probed = await probeMachine({ gpus, told });
  const machine = { ...probed, name: order.options.machineName ?? probed.name };
  if (order.kind === "resume") checkSameMachine(order.journal.run.machine, machine, order.path);
  const known = { order, machine, probed, cacheDir, enginePackage: enginePackage() };
  const options = engineOptions(order.options);
  const parts: PreparedPart[] = [];
  for (const [at, engine] of engines.entries())
    parts.push(await preparePart(engine, at, { ...known, options: options[at] ?? options[0] }));
  if (!isNonEmpty(parts)) throw new Error("a run has an engine");
  const { gpuBudgetBytes } = order.options;
  const budgets = parts.map(({ budget }) => ({ name: machine.name, budget }));
  checkDevices({ gpuBudgetBytes, placements: [] }, budgets);
  const earlier = earlierOf(order);
  const measured = parts.flatMap(({ cases }) => cases);
  return {
    order,
    options: {
      ...parts[0].options,
      beside: order.options.beside.map((one, at) => ({
        ...one,
        noise: parts[at + 1]?.options.noise ?? null,
      })),
    },
    machine,
    machineKind: probed.name,
    cacheDir,
    directory: order.directory ?? defaultDirectory(machine.name, new Date()),
    parts,
    cases: [...measured.filter(ofMachine), ...measured.filter((one) => !ofMachine(one))],
    earlier,
    due: measured.filter(({ id }) => !earlier.done.has(id)),
  };
}

function ofMachine({ settings }: BenchCase): boolean {
  return isOfMachine(settings.workload);
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
