/** Tensor types as llama.cpp named them once, kept by shape, quantization and engine: asking again needs a child. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../base/digest.ts";
import { makeFolder } from "../base/makeFolder.ts";
import { askAboutShape } from "../gguf/askTensorTypes.ts";
import type { AskTensorTypes } from "../gguf/askTensorTypes.ts";
import { isGgmlTypeName, type GgmlTypeName } from "../gguf/ggmlTypes.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { tensorTable } from "../gguf/tensorTable.ts";
import type { TensorTypes } from "../gguf/tensorTable.ts";
import { tensorTypesFolder } from "./cacheFolder.ts";

export interface TensorTypesQuestion {
  readonly shape: ModelShape;
  readonly quantization: Quantization;
  readonly cacheDir: string;
  /** The package that carries llama.cpp, `node-llama-cpp 3.21.1`: another may choose other types. */
  readonly engineVersion: string;
  /** Called only where the answer isn't kept yet. */
  readonly ask: AskTensorTypes;
}

/** Types are looked at one by one: there are hundreds. */
const keptSchema = z.strictObject({ question: z.string(), types: z.looseObject({}) });

/** The type of each tensor of the shape at this quantization. */
export async function tensorTypesOf(question: TensorTypesQuestion): Promise<TensorTypes> {
  const { shape, quantization, engineVersion, cacheDir, ask } = question;
  const asked = canonicalJson({ engineVersion, quantization, shape });
  const name = createHash("sha256").update(asked).digest("hex").slice(0, 24);
  const folder = tensorTypesFolder(cacheDir);
  const path = join(folder, `${name}.json`);
  const kept = readKept(path, asked, shape);
  if (kept) return kept;
  const types = await askAboutShape(shape, quantization, ask);
  await keep(folder, path, { question: asked, types: Object.fromEntries(types) });
  return types;
}

/** undefined where nothing is kept, or it is not whole. */
function readKept(path: string, asked: string, shape: ModelShape): TensorTypes | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const parsed = keptSchema.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.question !== asked) return undefined;
  const types = new Map<string, GgmlTypeName>();
  for (const { name } of tensorTable(shape)) {
    const type = parsed.data.types[name];
    if (typeof type !== "string" || !isGgmlTypeName(type)) return undefined;
    types.set(name, type);
  }
  return types;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function keep(folder: string, path: string, kept: z.infer<typeof keptSchema>): Promise<void> {
  try {
    await makeFolder(folder);
    const { writeFile: replaceFile } = await import("atomically");
    await replaceFile(path, JSON.stringify(kept));
  } catch (error) {
    // A cache that can't be written costs the next run a question, nothing more.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
