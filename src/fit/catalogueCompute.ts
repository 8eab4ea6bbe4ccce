/**
 * By how much llmbench's estimate of compute buffers is off for models of the catalogue whose graph it doesn't lay out:
 * `models/compute-buffers.json`, written by `npm run compute-buffers`, which asks llama.cpp, on a CPU.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { digestOf } from "../base/digest.ts";
import { packageFolder } from "../base/packageFolder.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { KnownShares } from "./computeBand.ts";

const sha256Digits = 64;

const answersSchema = z.strictObject({
  /** The package that carries the llama.cpp that answered. */
  engine: z.string(),
  models: z.record(
    z.string(),
    z.strictObject({
      /** Of the shape's canonical JSON: a model that was described anew since is another one. */
      shape_sha256: z.string(),
      /** Context in tokens, and llama.cpp's bytes by the estimate's. */
      off_by: z.array(z.tuple([z.number(), z.number()])).min(1),
    }),
  ),
});

export type CatalogueCompute = z.infer<typeof answersSchema>;

let known: ReadonlyMap<string, KnownShares> | undefined;

/** Null for a shape that is not of the catalogue. */
export function catalogueCompute(shape: ModelShape): KnownShares | null {
  known ??= readAnswers();
  return known.size === 0 ? null : (known.get(digestOf(shape, sha256Digits)) ?? null);
}

function readAnswers(): ReadonlyMap<string, KnownShares> {
  try {
    const text = readFileSync(packageFolder("models/compute-buffers.json"), "utf8");
    const { models } = answersSchema.parse(JSON.parse(text));
    return new Map(
      Object.values(models).map(({ shape_sha256, off_by }) => [
        shape_sha256,
        off_by.map(([nCtx, share]) => ({ nCtx, share })),
      ]),
    );
  } catch {
    // Missing or damaged: the estimate stands uncorrected, within a wider band.
    return new Map();
  }
}
