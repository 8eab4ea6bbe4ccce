/** A model as `models/*.yaml`, or a YAML of the user's own, describes it: its shape, and where real weights are. */
import { z } from "zod";
import { traitsOf } from "../gguf/architectures.ts";
import { modelShapeSchema } from "../gguf/shapeSchema.ts";
import { quantizationNames } from "../gguf/quantizations.ts";
import { checkpointParameters } from "../gguf/tensorTable.ts";

/** Lower case, since ids are looked up in any case and stand in file names and the CSV. */
const handle = z
  .string()
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, "expected lower-case letters, digits, dots and dashes");

/** llama.cpp loads no more (LLAMA_MAX_LAYERS, src/llama-hparams.h, v0.4.0). */
const maxLayers = 512;

export const modelDescriptionSchema = z
  .strictObject({
    id: handle,
    name: z.string().min(1),
    /** Other names on the command line. */
    aliases: z.array(handle).default([]),
    /** Further names of published files (`general.name` or file name) of this shape. */
    file_names: z.array(z.string()).default([]),
    /** Of the published checkpoint: checks the shape. */
    n_params: z.number().int().positive().optional(),
    /** Those worth comparing, smallest first. */
    quantizations: z
      .array(z.enum(quantizationNames))
      .min(1)
      .default(["q4_0", "q4_k_m", "q8_0", "f16"]),
    /** Hugging Face repositories of real weights. */
    sources: z
      .array(
        z.strictObject({
          repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "expected user/repository"),
          format: z.enum(["safetensors", "gguf"]),
        }),
      )
      .default([]),
    shape: modelShapeSchema,
  })
  .superRefine(({ shape, n_params }, context) => {
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    if (shape.n_layers > maxLayers) {
      refuse(
        ["shape", "n_layers"],
        `expected at most ${maxLayers}, llama.cpp's limit, got ${shape.n_layers}`,
      );
      return;
    }
    if (shape.n_heads % shape.n_kv_heads !== 0) {
      refuse(
        ["shape", "n_kv_heads"],
        `expected a number that divides n_heads (${shape.n_heads}), got ${shape.n_kv_heads}`,
      );
    }
    if (shape.head_size % 2 !== 0) {
      refuse(
        ["shape", "head_size"],
        `expected an even number, since rope turns pairs, got ${shape.head_size}`,
      );
    }
    const { recurrent } = traitsOf(shape.architecture);
    if (recurrent !== shape.recurrent?.kind) {
      refuse(
        ["shape", "recurrent"],
        `expected ${recurrent === undefined ? "none" : `kind ${recurrent}`}, as ${shape.architecture} has it, got ${shape.recurrent?.kind ?? "none"}`,
      );
      return;
    }
    const counted = checkpointParameters(shape);
    if (n_params !== undefined && counted !== n_params) {
      refuse(["n_params"], `expected ${counted}, which the shape's tensors hold, got ${n_params}`);
    }
  });

export type ModelDescription = z.infer<typeof modelDescriptionSchema>;
