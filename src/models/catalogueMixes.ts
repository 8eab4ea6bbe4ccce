/**
 * llama.cpp's tensor types for the models of the catalogue, which come with llmbench: `models/tensor-types.json`, written by
 * `npm run tensor-types`, which asks llama.cpp.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { digestOf } from "../base/digest.ts";
import { packageFolder } from "../base/packageFolder.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { quantizationNames, type Quantization } from "../gguf/quantizations.ts";

const sha256Digits = 64;

const mixesSchema = z.strictObject({
  /** The package that carries the llama.cpp that answered. */
  engine: z.string(),
  models: z.record(
    z.string(),
    z.strictObject({
      /** Of the shape's canonical JSON: a model that was described anew since is another one. */
      shape_sha256: z.string(),
      mixes: z.partialRecord(z.enum(quantizationNames), z.string()),
    }),
  ),
});

export type CatalogueMixes = z.infer<typeof mixesSchema>;

export interface MixQuestion {
  readonly shape: ModelShape;
  readonly quantization: Quantization;
  readonly engineVersion: string;
}

type Mixes = CatalogueMixes["models"][string]["mixes"];

interface KnownMixes {
  readonly engine: string | null;
  readonly byShape: ReadonlyMap<string, Mixes>;
}

let known: KnownMixes | undefined;

/** Null for a shape that is not of the catalogue, and for another engine. */
export function catalogueMix({ shape, quantization, engineVersion }: MixQuestion): string | null {
  known ??= readMixes();
  if (engineVersion !== known.engine) return null;
  return known.byShape.get(digestOf(shape, sha256Digits))?.[quantization] ?? null;
}

function readMixes(): KnownMixes {
  try {
    const text = readFileSync(packageFolder("models/tensor-types.json"), "utf8");
    const { engine, models } = mixesSchema.parse(JSON.parse(text));
    const byShape = Object.values(models).map(
      (model) => [model.shape_sha256, model.mixes] as const,
    );
    return { engine, byShape: new Map(byShape) };
  } catch {
    // Missing or damaged: llama.cpp says the same, a little later.
    return { engine: null, byShape: new Map() };
  }
}
