/**
 * Does the device compute what the CPU computes? Fixed tokens go through a model on both, together (matrix times matrix,
 * as in a prompt) and then one by one (matrix times vector, as in generation).
 */
import koffi from "koffi";
import type { Phase } from "../../bench/phases.ts";
import { usualContext, usualPlacement } from "../../bench/settings.ts";
import { wholeModel } from "../engine.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import { loadModel } from "./loadModel.ts";
import { openContext, type OpenContext } from "./openContext.ts";
import type { ComparedLogits, LogitsRequest } from "./protocol.ts";
import { batchOf, tokenBuffer } from "./tokenBuffer.ts";
import { tokenSource } from "./tokens.ts";
import { vocabularyOf } from "./vocabulary.ts";

const tokens = 16;
const seed = 1;
const float32Bytes = 4;

/** @throws {EngineFailure} at `load`, `context` or `decode`. */
export function compareLogits(
  engine: Engine,
  { path, referencePath, nThreads }: LogitsRequest,
  announce: (phase: Phase) => void,
): ComparedLogits {
  announce({ kind: "logits", of: "device" });
  const onDevice = logitsOf(engine, path, nThreads);
  announce({ kind: "logits", of: "CPU" });
  const onCpu = logitsOf({ ...engine, cpuOnly: true }, referencePath, nThreads);
  return {
    nmse: Math.max(
      normalisedError(onDevice.together, onCpu.together),
      normalisedError(onDevice.oneByOne, onCpu.oneByOne),
    ),
  };
}

interface Logits {
  /** After the last token. */
  readonly together: readonly Float32Array[];
  /** After each. */
  readonly oneByOne: readonly Float32Array[];
}

function logitsOf(engine: Engine, path: string, nThreads: number): Logits {
  const { api } = engine;
  const model = loadModel(engine, { ...wholeModel, path });
  try {
    const context = openContext(engine, model.pointer, {
      ...smallContext,
      ...usualPlacement,
      nThreads,
    });
    try {
      return decode(engine, context, vocabularyOf(engine, model.pointer).size);
    } finally {
      context.close();
    }
  } finally {
    api.modelFree(model.pointer);
  }
}

const smallContext = {
  ...usualContext,
  nPrompt: tokens,
  nGen: 0,
  nDepth: 0,
  nBatch: 512,
  nUbatch: 512,
} as const;

function decode({ api }: Engine, { pointer, memory }: OpenContext, vocabulary: number): Logits {
  const { pointer: token, view } = tokenBuffer(tokens);
  const next = tokenSource(seed, vocabulary);
  const drawn = Array.from({ length: tokens }, next);
  const after = (count: number): Float32Array => {
    const status = api.decode(pointer, batchOf(token, count));
    if (status !== 0) throw new EngineFailure("decode", `llama_decode returned ${status}`);
    api.synchronize(pointer);
    const logits = api.logitsOf(pointer, -1);
    if (logits === null) throw new EngineFailure("decode", "no logits");
    return new Float32Array(koffi.view(logits, vocabulary * float32Bytes)).slice();
  };
  try {
    // Not the other way round: on Mesa's software device v0.4.0 dies of a context whose first batch is a single token.
    view.set(drawn);
    const together = [after(tokens)];
    api.memoryClear(memory, false);
    const oneByOne = drawn.map((id) => {
      view[0] = id;
      return after(1);
    });
    return { together, oneByOne };
  } finally {
    koffi.free(token);
  }
}

/** Σ (a - b)² / Σ b²; the largest number where a device computed none at all. */
function normalisedError(
  values: readonly Float32Array[],
  references: readonly Float32Array[],
): number {
  let [error, square] = [0, 0];
  for (const [i, reference] of references.entries()) {
    for (const [j, expected] of reference.entries()) {
      error += ((values[i]?.[j] ?? Number.NaN) - expected) ** 2;
      square += expected ** 2;
    }
  }
  const share = error / square;
  return Number.isFinite(share) ? share : Number.MAX_VALUE;
}
