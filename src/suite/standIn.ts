/** What runs where no suite is named: a suite that stands in, and which of its tests. */
import type { EngineTraits } from "../engines/engine.ts";
import type { GivenFlags } from "./settings.ts";
import { kindOfTest, testKeys, type TestKey } from "./testFlags.ts";

/** What the run's engine can be asked for. */
type Runs = Pick<EngineTraits, "runs">;

const ofMachine = ["copy", "read", "matmul"] as const satisfies readonly TestKey[];

const switchedOff = {
  nPrompt: [0],
  nGen: [0],
  pg: [],
  copy: false,
  read: [],
  matmul: [],
  train: [],
} as const satisfies Pick<GivenFlags, TestKey>;

/** A first look, a model's usual tests, training, or the settings to measure the machine alone with. */
export function standInSuite(
  given: GivenFlags,
  { runs }: Runs,
): "quick" | "standard" | "training" | "roofline" {
  if (asksOfMachineAlone(given)) return "roofline";
  if (given.train !== undefined || runs.includes("train")) return "training";
  return given.models === undefined ? "quick" : "standard";
}

/** Who asks for some of the machine's tests, and names no model, gets these alone; an engine, what it runs. */
export function standInTests(suite: GivenFlags, given: GivenFlags, { runs }: Runs): GivenFlags {
  const alone = asksOfMachineAlone(given);
  // Who says which steps to train wants these, and not the suite's measure of the machine beside them.
  const isUnasked = (key: TestKey) => alone || (given.train !== undefined && isOfMachine(key));
  return without(suite, (key) => isUnasked(key) || !runs.includes(kindOfTest[key]));
}

/** What a suite doesn't say stands for a model's usual tests, but for those that its engine doesn't run. */
export function withoutUnrun(suite: GivenFlags, { runs }: Runs): GivenFlags {
  return without(suite, (key) => suite[key] === undefined && !runs.includes(kindOfTest[key]));
}

function without(suite: GivenFlags, isLeftOut: (key: TestKey) => boolean): GivenFlags {
  const off = testKeys.filter(isLeftOut).map((key) => [key, switchedOff[key]] as const);
  return { ...suite, ...Object.fromEntries(off) };
}

function asksOfMachineAlone(given: GivenFlags): boolean {
  const { models, train } = given;
  const asks = ofMachine.some((key) => given[key] !== undefined);
  return asks && models === undefined && train === undefined;
}

function isOfMachine(key: TestKey): boolean {
  return ofMachine.some((one) => one === key);
}
