/** Workloads that can be compared, each by its own metric: all whose kind llmbench knows. */
import type { MetricName } from "../bench/metrics.ts";
import type { CaseRecord } from "../bench/record.ts";
import {
  generatedTokens,
  promptTokens,
  workloads,
  type UnknownWorkload,
  type Workload,
} from "../bench/workload.ts";

export type KnownWorkload = Exclude<Workload, UnknownWorkload>;
export type KnownKind = KnownWorkload["kind"];
export type KnownCase = CaseRecord & { readonly workload: KnownWorkload };

export function isKnownCase(record: CaseRecord): record is KnownCase {
  return isKnown(record.workload);
}

function isKnown(workload: Workload): workload is KnownWorkload {
  return workload.kind !== "unknown";
}

/** What workloads of the kind are judged by. */
export function metricOf(kind: KnownKind): MetricName {
  return workloads[kind].metrics[0];
}

interface ComparedKind {
  /** Wherever kinds are told one after the other. Generation comes first: it is what a person waits for longest. */
  readonly told: number;
  /** In a table of tests. Prompts come first, as llama-bench prints them; what generates follows, by depth and length. */
  readonly listed: number;
  /** Whether its value is the pace at which tokens are generated. */
  readonly isGeneration: boolean;
}

const comparedKinds = {
  prompt: { told: 1, listed: 0, isGeneration: false },
  generate: { told: 0, listed: 1, isGeneration: true },
  both: { told: 2, listed: 1, isGeneration: false },
} as const satisfies Record<KnownKind, ComparedKind>;

/** In the order that they are told. */
export const knownKinds = (Object.keys(comparedKinds) as KnownKind[]).toSorted(
  (a, b) => comparedKinds[a].told - comparedKinds[b].told,
);

export function byTableOrder(a: KnownWorkload, b: KnownWorkload): number {
  return (
    comparedKinds[a.kind].listed - comparedKinds[b.kind].listed ||
    a.depth - b.depth ||
    lengthOf(a) - lengthOf(b)
  );
}

/** Tokens that one sequence reads and writes. */
function lengthOf(workload: KnownWorkload): number {
  return promptTokens(workload) + generatedTokens(workload);
}

/** Token generation of one sequence, whose pace is what a reader sees. */
export function isGeneration({ workload }: { readonly workload: Workload }): boolean {
  return isKnown(workload) && comparedKinds[workload.kind].isGeneration && workload.parallel === 1;
}
