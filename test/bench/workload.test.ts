import { describe, expect, it } from "vitest";
import { metrics } from "../../src/bench/metrics.ts";
import {
  contextTokens,
  copy,
  generatedTokens,
  isOfMachine,
  matmulOf,
  ownMetric,
  precisionOf,
  promptTokens,
  readOf,
  repetitionTokens,
  testName,
  workloadNamed,
  workloadOf,
  workloads,
  type TokenCounts,
  type Workload,
  type WorkloadKind,
} from "../../src/bench/workload.ts";

const unknown: Workload = {
  kind: "unknown",
  name: "zz9 @ d7",
  prompt: 3,
  generated: 4,
  depth: 7,
  parallel: 1,
  metric: null,
  unit: null,
};

interface Known {
  readonly tokens: TokenCounts;
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly repetition: number;
  readonly context: number;
}

const known: readonly Known[] = [
  {
    tokens: { prompt: 512, generated: 0, depth: 0 },
    kind: "prompt",
    name: "pp512",
    repetition: 512,
    context: 512,
  },
  {
    tokens: { prompt: 0, generated: 128, depth: 0 },
    kind: "generate",
    name: "tg128",
    repetition: 128,
    context: 128,
  },
  {
    tokens: { prompt: 512, generated: 128, depth: 4096 },
    kind: "both",
    name: "pp512+tg128 @ d4096",
    repetition: 640,
    context: 4736,
  },
  {
    tokens: { prompt: 0, generated: 16, depth: 32, parallel: 8 },
    kind: "generate",
    name: "tg16 @ d32 x8",
    repetition: 128,
    context: 48,
  },
];

describe.each(known)("$name", ({ tokens, kind, name, repetition, context }) => {
  const workload = workloadOf(tokens);

  it("is told by its lengths, and called as llama-bench calls it", () => {
    expect(workload.kind).toBe(kind);
    expect(testName(workload)).toBe(name);
  });

  it("is read back from its name", () => {
    expect(workloadNamed(name)).toEqual(workload);
  });

  it("has the lengths that it was asked for", () => {
    expect(promptTokens(workload)).toBe(tokens.prompt);
    expect(generatedTokens(workload)).toBe(tokens.generated);
    expect(workload.depth).toBe(tokens.depth);
    expect(workload.parallel).toBe(tokens.parallel ?? 1);
  });

  it("computes so many tokens, the depth not counted, and leaves so many in each sequence", () => {
    expect(repetitionTokens(workload)).toBe(repetition);
    expect(contextTokens(workload)).toBe(context);
  });
});

it("a workload reads or writes something", () => {
  expect(() => workloadOf({ prompt: 0, generated: 0, depth: 512 })).toThrow(RangeError);
});

it.each([
  ["", "of nothing"],
  ["pp0", "without tokens"],
  ["pp0512", "spelled otherwise"],
  ["pp512 @ d0", "with a depth that isn't said"],
  ["pp512 x1", "with one sequence, which isn't said"],
  ["pp512 x8 @ d4", "in another order"],
  ["tg1e3", "that is no number"],
  ["pp512+tg", "that ends early"],
  ["zz9", "of another tool"],
  [`pp${"9".repeat(400)}`, "beyond all numbers"],
])("a name that no kind gives is none of theirs: %j, %s", (name) => {
  expect(workloadNamed(name)).toBeNull();
});

it("a test that isn't known keeps its name and lengths, and has no metric", () => {
  expect(testName(unknown)).toBe("zz9 @ d7");
  expect(repetitionTokens(unknown)).toBe(7);
  expect(contextTokens(unknown)).toBe(14);
  expect(ownMetric(unknown)).toBeNull();
});

it("every other kind is judged by a metric that there is", () => {
  const kinds = Object.values(workloads).filter(({ title }) => title !== workloads.unknown.title);
  for (const { metrics: names } of kinds) {
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(metrics).toHaveProperty(name);
  }
});

describe("a workload of the machine alone", () => {
  it.each(["copy", "read q4_k", "matmul4096 f16"])("is read back from its name: %s", (name) => {
    const workload = workloadNamed(name);
    expect(workload === null ? null : testName(workload)).toBe(name);
    expect(workload !== null && isOfMachine(workload)).toBe(true);
  });

  it.each(["copy @ d512", "read q4_k x8", "matmul f16", "matmul0 f16", "read Q4_K", "read"])(
    "is none with a depth, several sequences, no size or another spelling: %s",
    (name) => expect(workloadNamed(name)).toBeNull(),
  );

  it("computes no tokens, needs no context, and says what it computes with", () => {
    const workload = matmulOf(4096, "f16");
    expect(repetitionTokens(workload)).toBe(0);
    expect(contextTokens(workload)).toBe(0);
    expect([copy, readOf("q4_k"), workload].map(precisionOf)).toEqual(["f32", "q4_k", "f16"]);
    expect(precisionOf(workloadOf({ prompt: 1, generated: 0, depth: 0 }))).toBeNull();
  });
});
