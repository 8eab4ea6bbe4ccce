/** The plan of an earlier run, made again from its journal: the same cases, or an error that says what changed. */
import { z } from "zod";
import { describeIssues } from "../base/schemaIssues.ts";
import { LlmbenchError } from "../errors.ts";
import { quantizationNames, type Quantization } from "../gguf/quantizations.ts";
import type { PlannedCase } from "../results/journalLines.ts";
import type { BenchCase } from "./benchCase.ts";
import { benchCase, weightsContext, type PlanContext } from "./plan.ts";
import { modelAgain } from "./plannedModel.ts";
import { settingsOf } from "./requested.ts";
import { noVariant, variantOf, type Variant } from "./variant.ts";
import type { Weights } from "./weights/weights.ts";

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
    const found = variants.get(key) ?? variantAgain(one, place, context);
    variants.set(key, found);
    const variant = await found;
    const settings = settingsOf(one.settings, place);
    const now = await benchCase(variant, settings, one.launches, context);
    if (now.id !== one.case_id) throw changed(one, variant, place);
    cases.push(now);
  }
  return cases;
}

async function variantAgain(
  { model_spec: spec, quantization, weights }: PlannedCase,
  place: string,
  context: PlanContext,
): Promise<Variant> {
  if (spec === null || weights === null) return noVariant;
  const model = await modelAgain(spec, weights, context.cacheDir, context.engine.traits);
  // A file that was named is taken as it is, also where llmbench made it.
  const asNamed = model.kind === "file" && weights === "real";
  const choice = weightsContext(context, asNamed ? "auto" : weights);
  return variantOf(model, quantizationOf(quantization, place), choice);
}

function quantizationOf(value: unknown, place: string): Quantization | null {
  const parsed = quantizationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = describeIssues(parsed.error, value, quantizationSchema);
  throw new LlmbenchError("input", `${place}: plan: ${issues}`);
}

function changed(
  planned: PlannedCase,
  { model, quantization, weights }: Variant,
  place: string,
): LlmbenchError {
  return new LlmbenchError(
    "config",
    `${place}: ${[model.id, quantization].filter(Boolean).join(" ") || "the machine itself"}: ${difference(planned, weights)}; start a new run instead of --resume`,
  );
}

function difference({ weights_identity: before }: PlannedCase, weights: Weights): string {
  return before === null || before === weights.identity
    ? "the run's cases are numbered in another way than this version of llmbench does it"
    : weights.differenceFrom(before);
}
