/** The plan of an earlier run, made again from its journal: the same cases, or an error that says what changed. */
import { z } from "zod";
import { describeIssues } from "../base/schemaIssues.ts";
import { LlmbenchError } from "../errors.ts";
import { quantizationNames } from "../gguf/quantizations.ts";
import { resolveModel } from "../models/resolveModel.ts";
import type { PlannedCase } from "../results/journalLines.ts";
import {
  flashAttnModes,
  kvCacheTypes,
  loadModes,
  splitModes,
  type CaseSettings,
} from "../suite/caseSettings.ts";
import type { WeightsChoice } from "../suite/runFlags.ts";
import { benchCase, type BenchCase, type PlanContext, type Variant } from "./plan.ts";
import { variantMemory } from "./caseMemory.ts";
import { weightsSource } from "./weightsSource.ts";

const count = z.number().int().min(0);

const settingsSchema: z.ZodType<CaseSettings> = z.strictObject({
  workload: z.strictObject({ nPrompt: count, nGen: count, nDepth: count }),
  placement: z.strictObject({
    gpuLayers: z.union([z.number().int(), z.enum(["auto", "max"])]),
    splitMode: z.enum(splitModes),
    mainGpu: count,
    tensorSplit: z.array(z.number()),
    nCpuMoe: count,
    loadMode: z.enum(loadModes),
  }),
  context: z.strictObject({
    nBatch: count,
    nUbatch: count,
    nThreads: count,
    typeK: z.enum(kvCacheTypes),
    typeV: z.enum(kvCacheTypes),
    flashAttn: z.enum(flashAttnModes),
    noKvOffload: z.boolean(),
  }),
});

const quantizationSchema = z.enum(quantizationNames).nullable();

/**
 * @param place the journal's path, for messages
 * @throws {LlmbenchError} `config` where a planned case would not be the same case any more.
 */
export async function replan(
  planned: readonly PlannedCase[],
  place: string,
  weights: WeightsChoice,
  context: PlanContext,
): Promise<readonly BenchCase[]> {
  const variants = new Map<string, Promise<Variant>>();
  const cases: BenchCase[] = [];
  for (const one of planned) {
    const key = JSON.stringify([one.model_spec, one.quantization]);
    const found = variants.get(key) ?? variantOf(one, place, { ...context, choice: weights });
    variants.set(key, found);
    const variant = await found;
    const settings = parse(settingsSchema, one.settings, place);
    const now = benchCase(variant, settings, one.launches, context);
    if (now.id !== one.case_id) throw changed(one, variant, place);
    cases.push(now);
  }
  return cases;
}

async function variantOf(
  { model_spec: spec, quantization }: PlannedCase,
  place: string,
  context: Parameters<typeof weightsSource>[2],
): Promise<Variant> {
  const model = resolveModel(spec);
  const known = parse(quantizationSchema, quantization, place);
  const source = await weightsSource(model, known, context);
  return { model, quantization: known, source, memory: variantMemory(model, source) };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LlmbenchError(
    "input",
    `${place}: plan: ${describeIssues(parsed.error, value, schema)}`,
  );
}

function changed({ model, quantization }: PlannedCase, { source }: Variant, place: string) {
  return new LlmbenchError(
    "config",
    `${place}: ${model} ${quantization ?? ""} is not the model, or this not the engine build, that the run began with ` +
      `(${source.path}); start a new run instead of --resume`,
  );
}
