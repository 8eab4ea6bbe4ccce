/**
 * The journal's lines (results.jsonl), one JSON object each, told apart by `type`.
 * `case_id` stands at top level of case lines only, and a case has one line (after `--retry-failed` the last wins).
 */
import { z } from "zod";
import { engineInfoSchema } from "../bench/engineInfo.ts";
import { isTimed, type TimedLaunch } from "../bench/launch.ts";
import type { CaseRecord, MeasuredRecord } from "../bench/record.ts";
import { weightsKinds } from "../bench/weights.ts";
import { machineInfoSchema } from "../machine/machineInfo.ts";
import { launchLineOf, launchLineSchema } from "./launchLine.ts";
import { journalRowSchema, type LineRow } from "./row.ts";
import { lineRowOf } from "./rowOf.ts";
import { schemaVersion } from "./schemaVersion.ts";

const plannedCase = z.object({
  case_id: z.string(),
  /** What the user typed: `70b`, a path, `hf:…`; null where no model is needed. */
  model_spec: z.string().nullable(),
  model: z.string().nullable(),
  /** Null for a file whose types llmbench has no name for. */
  quantization: z.string().nullable(),
  /** `real`: a file as it was found, which may be one that llmbench made; rows say what is in it. Null without a model. */
  weights: z.enum(weightsKinds).nullable(),
  /** What tells these weights from others: digest of the header and size of each file; of synthetic ones, of the recipe. */
  weights_identity: z.string().nullable().default(null),
  launches: z.number().int().min(1),
  /** Which of the run's engines measures it; absent for its own. */
  engine: z.string().optional(),
  /** The requested settings (suite/caseSettings.ts), as they were digested into the id. */
  settings: z.record(z.string(), z.unknown()),
});
export type PlannedCase = z.infer<typeof plannedCase>;

export const runLineSchema = z.object({
  type: z.literal("run"),
  schema_version: z.literal(schemaVersion),
  run_id: z.string(),
  started_at: z.string(),
  llmbench_version: z.string(),
  machine: machineInfoSchema,
  engine: engineInfoSchema,
  /** Further engines of the run, absent without any; of one that isn't here, why. */
  beside: z.array(engineInfoSchema).optional(),
  /** The flags and suite values that apply to the whole run: repetitions, warmup, seed, device, use context, … */
  options: z.record(z.string(), z.unknown()),
  /** Environment variables that change what llama.cpp does: GGML_*, CUDA_VISIBLE_DEVICES, … */
  environment: z.record(z.string(), z.string()),
  plan: z.array(plannedCase),
});
export type RunLine = z.infer<typeof runLineSchema>;

/** Of the plan, what one of the run's engines measures. @param at which; 0 for its own */
export function plannedFor({ beside, plan }: RunLine, at: number): PlannedCase[] {
  const name = at === 0 ? undefined : beside?.[at - 1]?.engine;
  return plan.filter(({ engine }) => engine === name);
}

/** What is known of a run beyond its cases. */
export const runFactsSchema = runLineSchema.omit({ plan: true });
export type RunFacts = z.infer<typeof runFactsSchema>;

const caseLineSchema = z.object({ type: z.literal("case"), ...journalRowSchema.shape });

/** Work that was done took time, or else no figure can be made of it. */
const workedLaunch = launchLineSchema.extend({
  samples_ns: z.array(z.number().positive()).min(1),
});

/**
 * A launch of a case that has more to come: kept so that a crash between passes loses nothing. Earlier versions wrote the
 * whole row here, as the case's launches so far made it; what a resume goes on from is the launches alone.
 */
export const partialCaseSchema = z.object({
  type: z.literal("launch"),
  launch: z.number().int().min(1),
  result: z.object({ case_id: z.string(), launch_results: z.array(workedLaunch) }),
});

/** The same, read. */
export interface PartialCase {
  readonly type: "launch";
  readonly launch: number;
  readonly result: { readonly id: string; readonly launches: readonly TimedLaunch[] };
}

export const resumeLineSchema = z.object({
  type: z.literal("resume"),
  resumed_at: z.string(),
  llmbench_version: z.string(),
});
export type ResumeLine = z.infer<typeof resumeLineSchema>;

export const journalLineSchema = z.discriminatedUnion("type", [
  runLineSchema,
  caseLineSchema,
  partialCaseSchema,
  resumeLineSchema,
]);

/** What is written. */
export type JournalLine =
  | RunLine
  | ResumeLine
  | ({ readonly type: "case" } & LineRow)
  | { readonly type: "launch"; readonly launch: number; readonly result: LaunchedCase };

/** Which case was launched, in words that a reader of the line knows it by, and what its launch told. */
type LaunchedCase = Pick<LineRow, "case_id" | "model" | "quantization" | "test" | "launch_results">;

export function caseLine(record: CaseRecord): JournalLine {
  return { type: "case", ...lineRowOf(record) };
}

/** The newest launch of a case. */
export function launchLine(launch: number, record: MeasuredRecord): JournalLine {
  const { case_id, model, quantization, test } = lineRowOf(record);
  const timed: readonly TimedLaunch[] = record.launches.filter(isTimed);
  const launch_results = timed.filter(({ number }) => number === launch).map(launchLineOf);
  return { type: "launch", launch, result: { case_id, model, quantization, test, launch_results } };
}
