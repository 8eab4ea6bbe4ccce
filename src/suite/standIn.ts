/** What runs where no suite is named: a suite that stands in, and which of its tests. */
import type { KnownKind } from "../bench/workload.ts";
import { engineRow, usualEngine } from "../engines/registry.ts";
import type { FlagKey } from "./flags.ts";
import type { GivenFlags } from "./settings.ts";

/** The flags that ask for tests, each with the kind of workload. */
const tests = {
  nPrompt: "prompt",
  nGen: "generate",
  pg: "both",
  copy: "copy",
  read: "read",
  matmul: "matmul",
} as const satisfies { readonly [Key in FlagKey]?: KnownKind };

type TestKey = keyof typeof tests;
const testKeys = Object.keys(tests) as readonly TestKey[];

const ofMachine = ["copy", "read", "matmul"] as const satisfies readonly TestKey[];

const switchedOff = {
  nPrompt: [0],
  nGen: [0],
  pg: [],
  copy: false,
  read: [],
  matmul: [],
} as const satisfies Pick<GivenFlags, TestKey>;

/** A first look, a model's usual tests, or the settings to measure the machine alone with. */
export function standInSuite(given: GivenFlags): "quick" | "standard" | "roofline" {
  if (given.models !== undefined) return "standard";
  return asksOfMachine(given) ? "roofline" : "quick";
}

/** Who asks for some of the machine's tests, and names no model, gets these alone; an engine, what it runs. */
export function standInTests(suite: GivenFlags, given: GivenFlags): GivenFlags {
  const { runs } = engineRow(given.engine ?? suite.engine ?? usualEngine);
  const alone = given.models === undefined && asksOfMachine(given);
  const off = testKeys.filter((key) => alone || !runs.includes(tests[key]));
  return { ...suite, ...Object.fromEntries(off.map((key) => [key, switchedOff[key]])) };
}

function asksOfMachine(given: GivenFlags): boolean {
  return ofMachine.some((key) => given[key] !== undefined);
}
