/** What runs where no suite is named: a suite that stands in, and which of its tests. */
import { engineRow, usualEngine } from "../engines/registry.ts";
import type { GivenFlags } from "./settings.ts";
import { kindOfTest, testKeys, type TestKey } from "./testFlags.ts";

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
export function standInSuite(given: GivenFlags): "quick" | "standard" | "training" | "roofline" {
  const { runs } = engineRow(given.engine ?? usualEngine);
  if (given.models === undefined && given.train === undefined && asksOfMachine(given))
    return "roofline";
  if (given.train !== undefined || runs.includes("train")) return "training";
  return given.models === undefined ? "quick" : "standard";
}

/** Who asks for some of the machine's tests, and names no model, gets these alone; an engine, what it runs. */
export function standInTests(suite: GivenFlags, given: GivenFlags): GivenFlags {
  const { runs } = engineRow(given.engine ?? suite.engine ?? usualEngine);
  const alone = given.models === undefined && given.train === undefined && asksOfMachine(given);
  const isAsked = (key: TestKey) =>
    // Who says which steps to train wants these, and not the suite's measure of the machine beside them.
    !alone && !(given.train !== undefined && isOfMachine(key));
  const off = testKeys.filter((key) => !isAsked(key) || !runs.includes(kindOfTest[key]));
  return { ...suite, ...Object.fromEntries(off.map((key) => [key, switchedOff[key]])) };
}

function isOfMachine(key: TestKey): boolean {
  return ofMachine.some((one) => one === key);
}

/** What a suite doesn't say stands for a model's usual tests, but for those that its engine doesn't run. */
export function withoutUnrun(suite: GivenFlags, given: GivenFlags): GivenFlags {
  const { runs } = engineRow(given.engine ?? suite.engine ?? usualEngine);
  const off = testKeys.filter((key) => suite[key] === undefined && !runs.includes(kindOfTest[key]));
  return { ...suite, ...Object.fromEntries(off.map((key) => [key, switchedOff[key]])) };
}

function asksOfMachine(given: GivenFlags): boolean {
  return ofMachine.some((key) => given[key] !== undefined);
}
