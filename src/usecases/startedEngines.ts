/** The engines of a run, started one after the other for as long as it takes. */
import type { NonEmpty } from "../bench/launch.ts";
import type { DeviceList } from "../bench/settings.ts";
import type { Engine } from "../engines/engine.ts";
import { missingEngine } from "../engines/missingEngine.ts";
import { engineRow } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { refuseAbsent } from "../fit/absentPlaces.ts";
import { namedHere } from "../plan/namedHere.ts";
import type { Order } from "../run/order.ts";
import { engineOptions, type RunOptions } from "../run/runOptions.ts";
import { withNamedDevices } from "./withNamedDevices.ts";

/** In the order's order, the run's own first; one that nobody asked for and that isn't here stands among them, and says so. */
export type StartedEngines = NonEmpty<Engine>;

/** @throws {LlmbenchError} for one that was asked for and can't be had, or lacks a device that was named. */
export function withStartedEngines<Answer>(
  order: Order,
  use: (engines: StartedEngines) => Promise<Answer>,
): Promise<Answer> {
  const [options, ...beside] = engineOptions(order.options);
  const lists = order.kind === "new" ? order.settings.devices : [];
  return withNamedDevices(options, lists, (own) =>
    withBeside(
      beside.map((one, at) => () => startBeside(one, order, at)),
      [own],
      use,
    ),
  );
}

async function withBeside<Answer>(
  [next, ...others]: readonly (() => Promise<Engine>)[],
  started: StartedEngines,
  use: (engines: StartedEngines) => Promise<Answer>,
): Promise<Answer> {
  if (next === undefined) return use(started);
  const engine = await next();
  try {
    return await withBeside(others, [...started, engine], use);
  } finally {
    await engine.close();
  }
}

/** What was missing when a run began stays so: its cases are numbered by that. */
async function startBeside(options: RunOptions, order: Order, at: number): Promise<Engine> {
  const { engine: name } = options;
  if (order.kind === "resume") {
    const { missing } = order.journal.run.beside?.[at] ?? {};
    return missing === undefined
      ? start(options, { offline: true, lists: [] })
      : missingEngine(name, missing);
  }
  const { isOptional = false, settings } = order.beside[at] ?? {};
  try {
    return await start(options, { offline: isOptional, lists: settings?.devices ?? [] });
  } catch (error) {
    if (!(error instanceof LlmbenchError) || !isOptional) throw error;
    return missingEngine(name, error.message);
  }
}

interface Starting {
  readonly offline: boolean;
  /** Devices that were named. */
  readonly lists: readonly DeviceList[];
}

async function start(
  { engine: name, device, own }: RunOptions,
  { offline, lists }: Starting,
): Promise<Engine> {
  const engine = await engineRow(name).start({ device, own, offline });
  try {
    for (const devices of lists)
      refuseAbsent({ devices, tensorOverrides: [] }, namedHere(engine.facts));
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
