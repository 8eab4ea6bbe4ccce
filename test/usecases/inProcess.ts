/** Runs in the test's own process, by the main line: nothing is reserved, and nobody is asked. */
import { prepareRun, type PreparedRun } from "../../src/run/prepareRun.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import { bench, type BenchHost, type BenchOutcome } from "../../src/usecases/bench.ts";
import { orderOf, type Pull } from "../../src/usecases/order.ts";
import { withStartedEngines } from "../../src/usecases/startedEngines.ts";

/** What a test measures is on disk, or is made. */
const pull: Pull = async (wanted) => {
  if (wanted.length > 0) throw new Error(`not on disk: ${wanted.map(({ spec }) => spec).join()}`);
};

export async function benchHere(
  given: GivenFlags,
  { signal = new AbortController().signal, onEvent = () => {} }: Partial<BenchHost> = {},
): Promise<BenchOutcome> {
  const outcome = await bench(given, {
    pull,
    reserve: async () => () => {},
    agree: async () => true,
    onEvent,
    signal,
  });
  if (outcome === null) throw new Error("nothing was measured");
  return outcome;
}

/** What a run would measure; its engine is closed by then. */
export async function planHere(given: GivenFlags): Promise<PreparedRun> {
  const order = await orderOf(given, pull);
  return withStartedEngines(order, (engines) => prepareRun(order, engines));
}
