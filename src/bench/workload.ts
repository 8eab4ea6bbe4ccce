/**
 * What a case computes: a closed union, and a row of one table for each kind. Of a model all numbers are tokens, but for
 * `parallel`, the sequences that are computed together; of the machine alone there are none.
 */
import { isPrecision, type Precision } from "./precisions.ts";

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

/** A step of training: forward, backward, and the weights moved. */
export interface TrainWorkload extends Standing {
  readonly kind: "train";
  /** Tokens of each sequence. */
  readonly sequence: number;
  /** Sequences of a step. */
  readonly batch: number;
  readonly precision: Precision;
}

/** Of the machine alone: no model, no tokens. */
interface Tokenless {
  readonly depth: 0;
  readonly parallel: 1;
}

/** Bytes read and written at once. */
export interface CopyWorkload extends Tokenless {
  readonly kind: "copy";
}

/** Matrices times a vector, as decode reads weights. */
export interface ReadWorkload extends Tokenless {
  readonly kind: "read";
  /** Of the matrices, in lower case: `q4_k`. */
  readonly type: string;
}

/** A square matrix times another, as prefill multiplies. */
export interface MatmulWorkload extends Tokenless {
  readonly kind: "matmul";
  /** Rows and columns of both. */
  readonly size: number;
  /** Of the weights' matrix, in lower case: `f16`. */
  readonly type: string;
}

/** A later version's, or another tool's: it has a name, and nothing is known of what it measures but what its file says. */
export interface UnknownWorkload extends Standing {
  readonly kind: "unknown";
  readonly name: string;
  readonly prompt: number;
  readonly generated: number;
  /** Of its metric; null where the file doesn't say. */
  readonly metric: string | null;
  readonly unit: string | null;
}

/** What says what the machine's memory and arithmetic can do. */
export type MachineWorkload = CopyWorkload | ReadWorkload | MatmulWorkload;

export type Workload =
  | PromptWorkload
  | GenerateWorkload
  | BothWorkload
  | TrainWorkload
  | MachineWorkload
  | UnknownWorkload;
export type WorkloadKind = Workload["kind"];

/** What llmbench knows how to judge. */
export type KnownWorkload = Exclude<Workload, UnknownWorkload>;
export type KnownKind = KnownWorkload["kind"];

type Of<Kind extends WorkloadKind> = Extract<Workload, { kind: Kind }>;

interface WorkloadRow<Kind extends WorkloadKind> {
  /** For headings. */
  readonly title: string;
  /** For a word within a sentence. */
  readonly word: string;
  /** As llama-bench names it, depth and sequences left out: `pp512`. */
  name(workload: Of<Kind>): string;
  /** The workload of such a name; null for a name that is none of the kind's. */
  read(name: string, standing: Standing): Of<Kind> | null;
  prompt(workload: Of<Kind>): number;
  generated(workload: Of<Kind>): number;
  /** What it is asked of: a model, or the machine without one. */
  readonly subject: "model" | "machine";
  /** The number format that the name says is computed with; null where the model's quantization tells it. */
  precision(workload: Of<Kind>): string | null;
  /**
   * Whether llama-bench has it: a model reads and writes its tokens, which is what speeds are predicted of, and what
   * llama.cpp in process and llama-bench's flags can be asked for.
   */
  readonly isLlamaBench: boolean;
  /** The row's own first. */
  readonly metrics: readonly string[];
}

/** In the order that they are told. Generation comes first: it is what a person waits for longest. */
export const workloads = {
  generate: {
    title: "Token generation (tg)",
    word: "tg",
    name: ({ generated }) => `tg${generated}`,
    read(name, standing) {
      const [generated] = lengthsIn(name, /^tg(\d+)$/u);
      return generated === undefined ? null : { kind: "generate", generated, ...standing };
    },
    prompt: () => 0,
    generated: ({ generated }) => generated,
    subject: "model",
    precision: () => null,
    isLlamaBench: true,
    metrics: ["tg_ts"],
  },
  prompt: {
    title: "Prompt processing (pp)",
    word: "pp",
    name: ({ prompt }) => `pp${prompt}`,
    read(name, standing) {
      const [prompt] = lengthsIn(name, /^pp(\d+)$/u);
      return prompt === undefined ? null : { kind: "prompt", prompt, ...standing };
    },
    prompt: ({ prompt }) => prompt,
    generated: () => 0,
    subject: "model",
    precision: () => null,
    isLlamaBench: true,
    metrics: ["pp_ts"],
  },
  both: {
    title: "Prompt and generation together (pp+tg)",
    word: "pp+tg",
    name: ({ prompt, generated }) => `pp${prompt}+tg${generated}`,
    read(name, standing) {
      const [prompt, generated] = lengthsIn(name, /^pp(\d+)\+tg(\d+)$/u);
      return prompt === undefined || generated === undefined
        ? null
        : { kind: "both", prompt, generated, ...standing };
    },
    prompt: ({ prompt }) => prompt,
    generated: ({ generated }) => generated,
    subject: "model",
    precision: () => null,
    isLlamaBench: true,
    metrics: ["pg_ts"],
  },
  train: {
    title: "Training",
    word: "train",
    name: ({ sequence, batch, precision }) => `train${sequence} b${batch} ${precision}`,
    read(name, standing) {
      const [, lengths = "", precision] = /^(train\d+ b\d+) (\S+)$/u.exec(name) ?? [];
      const [sequence, batch] = lengthsIn(lengths, /^train(\d+) b(\d+)$/u);
      return sequence === undefined || batch === undefined || !isPrecision(precision)
        ? null
        : { kind: "train", sequence, batch, precision, ...standing };
    },
    prompt: () => 0,
    generated: () => 0,
    subject: "model",
    precision: ({ precision }) => precision,
    isLlamaBench: false,
    metrics: ["train_ts", "step_ms", "train_tflops"],
  },
  copy: {
    title: "Memory: reading and writing",
    word: "copy",
    name: () => "copy",
    read: (name, standing) =>
      name === "copy" && isTokenless(standing) ? { kind: "copy", ...tokenless } : null,
    prompt: () => 0,
    generated: () => 0,
    subject: "machine",
    precision: () => "f32",
    isLlamaBench: false,
    metrics: ["copy_gbps"],
  },
  read: {
    title: "Memory: reading weights (matrix times vector)",
    word: "read",
    name: ({ type }) => `read ${type}`,
    read(name, standing) {
      const [, type] = /^read ([a-z\d_]+)$/u.exec(name) ?? [];
      return type === undefined || !isTokenless(standing)
        ? null
        : { kind: "read", type, ...tokenless };
    },
    prompt: () => 0,
    generated: () => 0,
    subject: "machine",
    precision: ({ type }) => type,
    isLlamaBench: false,
    metrics: ["read_gbps"],
  },
  matmul: {
    title: "Arithmetic: matrix times matrix",
    word: "matmul",
    name: ({ size, type }) => `matmul${size} ${type}`,
    read(name, standing) {
      const [, digits, type] = /^matmul(\d+) ([a-z\d_]+)$/u.exec(name) ?? [];
      const size = Number(digits);
      return type === undefined || size === 0 || !isTokenless(standing)
        ? null
        : { kind: "matmul", size, type, ...tokenless };
    },
    prompt: () => 0,
    generated: () => 0,
    subject: "machine",
    precision: ({ type }) => type,
    isLlamaBench: false,
    metrics: ["matmul_tflops"],
  },
  unknown: {
    title: "Other tests",
    word: "other",
    name: ({ name }) => name,
    read: () => null,
    prompt: ({ prompt }) => prompt,
    generated: ({ generated }) => generated,
    subject: "model",
    precision: () => null,
    isLlamaBench: false,
    metrics: [],
  },
} as const satisfies { readonly [Kind in WorkloadKind]: WorkloadRow<Kind> };

type MetricsOf<Kind extends WorkloadKind> = (typeof workloads)[Kind]["metrics"][number];

/** What workloads are measured in, each a row in metrics.ts. */
export type MetricName = MetricsOf<WorkloadKind>;

/** Workloads that are measured in a metric. */
export type WorkloadOf<Name extends MetricName> = {
  [Kind in WorkloadKind]: Name extends MetricsOf<Kind> ? Of<Kind> : never;
}[WorkloadKind];

/** In the order that they are told. */
export const knownKinds = Object.keys(workloads).filter(
  (kind) => kind !== "unknown",
) as readonly KnownKind[];

/** The table's row of a workload, which takes just that workload. */
function rowOf({ kind }: Workload): WorkloadRow<WorkloadKind> {
  return workloads[kind];
}

/** The numbers that a name has where the pattern's groups are; none where it is no such name, or one of them is 0. */
function lengthsIn(name: string, pattern: RegExp): number[] {
  const lengths = pattern.exec(name)?.slice(1).map(Number) ?? [];
  return lengths.includes(0) ? [] : lengths;
}

/** Of the machine alone a name says no depth and no sequences. */
const tokenless: Tokenless = { depth: 0, parallel: 1 };

function isTokenless({ depth, parallel }: Standing): boolean {
  return depth === 0 && parallel === 1;
}

export function readOf(type: string): ReadWorkload {
  return { kind: "read", type, ...tokenless };
}

export function matmulOf(size: number, type: string): MatmulWorkload {
  return { kind: "matmul", size, type, ...tokenless };
}

export const copy: CopyWorkload = { kind: "copy", ...tokenless };

/** llama-bench's name of a test: `pp512`, `tg128`, `pp512+tg128`, with ` @ d4096` at depth and ` x8` of 8 sequences. */
export function testName(workload: Workload): string {
  const { depth, parallel } = workload;
  const name = rowOf(workload).name(workload);
  // An unknown test's name is whole as it is.
  if (workload.kind === "unknown") return name;
  return `${name}${depth > 0 ? ` @ d${depth}` : ""}${parallel > 1 ? ` x${parallel}` : ""}`;
}

/** The workload whose test has that very name; null for a name that no known kind gives. */
export function workloadNamed(test: string): KnownWorkload | null {
  const [, name = "", depth = 0, parallel = 1] =
    /^(.*?)(?: @ d(\d+))?(?: x(\d+))?$/su.exec(test) ?? [];
  const standing = { depth: Number(depth), parallel: Number(parallel) };
  for (const kind of knownKinds) {
    const workload = workloads[kind].read(name, standing);
    if (workload !== null && testName(workload) === test) return workload;
  }
  return null;
}

export function isKnown(workload: Workload): workload is KnownWorkload {
  return workload.kind !== "unknown";
}

/** Whether no model is needed for it. */
export function isOfMachine(workload: Workload): workload is MachineWorkload {
  return rowOf(workload).subject === "machine";
}

/** The number format that is computed with; null where the model's quantization tells it. */
export function precisionOf(workload: Workload): string | null {
  return rowOf(workload).precision(workload);
}

export function isLlamaBench(workload: Workload): boolean {
  return rowOf(workload).isLlamaBench;
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
  if (workload.kind === "train") return workload.sequence * workload.batch;
  return (promptTokens(workload) + generatedTokens(workload)) * workload.parallel;
}

/** Tokens that stand in the context of a sequence when a repetition is over. */
export function contextTokens(workload: Workload): number {
  return workload.depth + promptTokens(workload) + generatedTokens(workload);
}

/** What the workload is judged by; null where nothing is known of it. */
export function ownMetric(workload: KnownWorkload): MetricName;
export function ownMetric(workload: Workload): MetricName | null;
export function ownMetric({ kind }: Workload): MetricName | null {
  const [own = null] = workloads[kind].metrics;
  return own;
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
