/** What models and cases are called, and the one name that all models of a shape share. */
import type { ModelFacts } from "../bench/record.ts";
import { testName, type Workload } from "../bench/workload.ts";

export type NamedModel = Pick<ModelFacts, "id" | "quantization">;

/** `llama-3-8b q4_k_m`; of cases without a model what they are of. */
export function modelName({ id, quantization }: NamedModel): string {
  if (id === "") return "the machine itself";
  return quantization === null ? id : `${id} ${quantization}`;
}

/** `llama-2-7b q4_0 tg128`. */
export function caseName({
  model,
  workload,
}: {
  readonly model: NamedModel;
  readonly workload: Workload;
}): string {
  return `${modelName(model)} ${testName(workload)}`;
}

/** Models of one shape have other weights and do the same work, so that their speeds stand for each other. */
const shapes: readonly (readonly string[])[] = [
  ["llama-1-7b", "llama-2-7b"],
  ["llama-1-13b", "llama-2-13b"],
  ["llama-3-8b", "llama-3.1-8b"],
  ["llama-3-70b", "llama-3.1-70b", "llama-3.3-70b"],
];

/** The id that stands for all models of this shape. */
export function shapeOf(id: string): string {
  return shapes.find((ids) => ids.includes(id))?.[0] ?? id;
}

/** The name that stands for all models of this shape at the quantization. */
export function shapeName({ id, quantization }: NamedModel): string {
  return modelName({ id: shapeOf(id), quantization });
}

/** Ids of the other models of this shape. */
export function sameShapeAs(id: string): readonly string[] {
  return shapes.find((ids) => ids.includes(id))?.filter((other) => other !== id) ?? [];
}
