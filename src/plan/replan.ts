/** The plan of an earlier run, made again from its journal: the same cases, or an error that says what changed. */
import { z } from "zod";
import { describeIssues } from "../base/schemaIssues.ts";
import { LlmbenchError } from "../errors.ts";
import { quantizationNames, type Quantization } from "../gguf/quantizations.ts";
import { resolveForWeights } from "../models/resolveRemoteModel.ts";
import type { PlannedCase } from "../results/journalLines.ts";
import type { BenchCase, Variant } from "./benchCase.ts";
import { benchCase, weightsContext, type PlanContext } from "./plan.ts";
import { variantMemory } from "./caseMemory.ts";
import { settingsOf } from "./requested.ts";
import { weightsSource, type WeightsContext, type WeightsSource } from "./weightsSource.ts";

const quantizationSchema = z.enum(quantizationNames).nullable();

/**
 * @param place the journal's path, for messages
 * @throws {LlmbenchError} `config` where a planned case would not be the same case any more.
 */
export async function replan(
  planned: readonly PlannedCase[],
  place: string,
  context: PlanContext,
): Promise<readonly BenchCase[]> {
  const variants = new Map<string, Promise<Variant>>();
  const cases: BenchCase[] = [];
  for (const one of planned) {
    const key = JSON.stringify([one.model_spec, one.quantization, one.weights]);
    const found = variants.get(key) ?? variantOf(one, place, weightsContext(context, one.weights));
    variants.set(key, found);
    const variant = await found;
    const settings = settingsOf(one.settings, place);
    const now = await benchCase(variant, settings, one.launches, context);
    if (now.id !== one.case_id) throw changed(one, variant, place);
    cases.push(now);
  }
  return cases;
}

async function variantOf(
  { model_spec: spec, quantization }: PlannedCase,
  place: string,
  context: WeightsContext,
): Promise<Variant> {
  const model = await resolveForWeights(spec, context.choice, context.cacheDir);
  const known = quantizationOf(quantization, place);
  // A file that was named is taken as it is, also where llmbench made it.
  const asNamed = model.kind === "file" && context.choice === "real";
  const choice = asNamed ? "auto" : context.choice;
  const source = await weightsSource(model, known, { ...context, choice });
  return { model, quantization: known, source, memory: variantMemory(model, source) };
}

function quantizationOf(value: unknown, place: string): Quantization | null {
  const parsed = quantizationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = describeIssues(parsed.error, value, quantizationSchema);
  throw new LlmbenchError("input", `${place}: plan: ${issues}`);
}

function changed(
  planned: PlannedCase,
  { model, quantization, source }: Variant,
  place: string,
): LlmbenchError {
  return new LlmbenchError(
    "config",
    `${place}: ${model.id} ${quantization ?? ""}: ${difference(planned, source)}; start a new run instead of --resume`,
  );
}

function difference({ weights_identity: before }: PlannedCase, source: WeightsSource): string {
  if (before === null || before === source.identity) {
    return "the run's cases are numbered in another way than this version of llmbench does it";
  }
  if (source.kind === "synthetic") {
    return "its synthetic weights are made by another recipe than when the run began";
  }
  const earlier = before.split(",");
  const now = source.identity.split(",");
  const at = source.files.findIndex((_, index) => earlier[index] !== now[index]);
  const file = source.files[at];
  if (file === undefined || earlier.length !== now.length) {
    return `${source.path} had ${earlier.length} parts when the run began, and now has ${now.length}`;
  }
  const bytes = Number(earlier[at]?.split(":")[1]);
  return bytes === file.bytes
    ? `${file.path} holds another model than when the run began`
    : `${file.path} had ${bytes} bytes when the run began, and now has ${file.bytes}`;
}
