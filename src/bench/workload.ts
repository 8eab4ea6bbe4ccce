/**
 * What a case computes: a closed union, and a row of one table for each kind. All numbers are tokens, but for `parallel`,
 * the sequences that are computed together.
 */
import type { MetricName } from "./metrics.ts";

interface Standing {
  /** Tokens that stand in the KV cache before the clock starts. */
  readonly depth: number;
  /** Sequences in one context. */
  readonly parallel: number;
}

/** Prompt processing, prefill. */
export interface PromptWorkload extends Standing {
  readonly kind: "prompt";
  readonly prompt: number;
}

/** Token generation, decode. */
export interface GenerateWorkload extends Standing {
  readonly kind: "generate";
  readonly generated: number;
}

/** A prompt, and generation behind it, under one clock. */
export interface BothWorkload extends Standing {
  readonly kind: "both";
  readonly prompt: number;
  readonly generated: number;
}

/** A later version's, or another tool's: it has a name, and nothing is known of what it measures. */
export interface UnknownWorkload extends Standing {
  readonly kind: "unknown";
  readonly name: string;
  readonly prompt: number;
  readonly generated: number;
}

export type Workload = PromptWorkload | GenerateWorkload | BothWorkload | UnknownWorkload;
export type WorkloadKind = Workload["kind"];

interface WorkloadRow<Kind extends WorkloadKind> {
  /** For headings. */
  readonly title: string;
  /** For a word within a sentence. */
  readonly word: string;
  /** As llama-bench names it, depth and sequences left out: `pp512`. */
  name(workload: Of<Kind>): string;
  prompt(workload: Of<Kind>): number;
  generated(workload: Of<Kind>): number;
  /** The row's own first. */
  readonly metrics: readonly MetricName[];
}

type Of<Kind extends WorkloadKind> = Extract<Workload, { kind: Kind }>;

export const workloads = {
  prompt: {
    title: "Prompt processing (pp)",
    word: "pp",
    name: ({ prompt }) => `pp${prompt}`,
    prompt: ({ prompt }) => prompt,
    generated: () => 0,
    metrics: ["pp_ts"],
  },
  generate: {
    title: "Token generation (tg)",
    word: "tg",
    name: ({ generated }) => `tg${generated}`,
    prompt: () => 0,
    generated: ({ generated }) => generated,
    metrics: ["tg_ts"],
  },
  both: {
    title: "Prompt and generation together (pp+tg)",
    word: "pp+tg",
    name: ({ prompt, generated }) => `pp${prompt}+tg${generated}`,
    prompt: ({ prompt }) => prompt,
    generated: ({ generated }) => generated,
    metrics: ["pg_ts"],
  },
  unknown: {
    title: "Other tests",
    word: "other",
    name: ({ name }) => name,
    prompt: ({ prompt }) => prompt,
    generated: ({ generated }) => generated,
    metrics: [],
  },
} as const satisfies { readonly [Kind in WorkloadKind]: WorkloadRow<Kind> };

/** The table's row of a workload, which takes just that workload. */
function rowOf(workload: Workload): WorkloadRow<WorkloadKind> {
  return workloads[workload.kind];
}

/** llama-bench's name of a test: `pp512`, `tg128`, `pp512+tg128`, with ` @ d4096` at depth and ` x8` of 8 sequences. */
export function testName(workload: Workload): string {
  const { depth, parallel } = workload;
  const name = rowOf(workload).name(workload);
  // An unknown test's name is whole as it is.
  if (workload.kind === "unknown") return name;
  return `${name}${depth > 0 ? ` @ d${depth}` : ""}${parallel > 1 ? ` x${parallel}` : ""}`;
}

/** Prompt tokens of one sequence. */
export function promptTokens(workload: Workload): number {
  return rowOf(workload).prompt(workload);
}

/** Generated tokens of one sequence. */
export function generatedTokens(workload: Workload): number {
  return rowOf(workload).generated(workload);
}

/** Tokens that a repetition computes, all sequences together, the depth not counted. */
export function repetitionTokens(workload: Workload): number {
  return (promptTokens(workload) + generatedTokens(workload)) * workload.parallel;
}

/** Tokens that stand in the context of a sequence when a repetition is over. */
export function contextTokens(workload: Workload): number {
  return workload.depth + promptTokens(workload) + generatedTokens(workload);
}

/** What the workload is judged by; null where nothing is known of it. */
export function ownMetric(workload: Workload): MetricName | null {
  return rowOf(workload).metrics[0] ?? null;
}

/** Tokens of one sequence. */
export interface TokenCounts {
  readonly prompt: number;
  readonly generated: number;
  readonly depth: number;
  readonly parallel?: number;
}

/**
 * A prompt, a generation or both, by their lengths.
 * @throws RangeError where both are 0: nothing would be computed.
 */
export function workloadOf({ prompt, generated, depth, parallel = 1 }: TokenCounts): Workload {
  if (prompt > 0 && generated > 0) return { kind: "both", prompt, generated, depth, parallel };
  if (prompt > 0) return { kind: "prompt", prompt, depth, parallel };
  if (generated > 0) return { kind: "generate", generated, depth, parallel };
  throw new RangeError("a workload reads or writes at least one token");
}
