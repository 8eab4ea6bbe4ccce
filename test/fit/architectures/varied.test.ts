import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attentionCacheBytes, stateBytes } from "../../../src/fit/caches/cacheBytes.ts";
import { planCaches } from "../../../src/fit/caches/planCaches.ts";
import { hyperparameters } from "../../../src/gguf/readHyperparameters.ts";
import type { Metadata, MetadataArray, Scalar } from "../../../src/gguf/readMetadata.ts";
import type { KvCacheType } from "../../../src/bench/settings.ts";

/**
 * A header's keys that decide about caches, and the lines that llama.cpp v0.4.0 prints of it. 33 have real shapes; the
 * others are those of llama.cpp's architecture test with layers, windows, patterns and heads at random.
 */
interface Varied {
  readonly name: string;
  readonly architecture: string;
  readonly keys: Readonly<Record<string, number | readonly number[]>>;
  readonly answers: readonly {
    readonly n_ctx: number;
    readonly n_ubatch: number;
    readonly type: KvCacheType;
    readonly sequences: number;
    readonly flash_attn: "auto" | "on" | "off";
    readonly kv_mib: readonly number[];
    readonly state_mib: readonly number[];
  }[];
}

const all = readFileSync(join(import.meta.dirname, "varied.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Varied);

const mib = 2 ** 20;
const printedMib = 0.010_1;

/** Caches without a layer print as well. */
const isPrinted = (lineMib: number) => lineMib >= 0.005;

function plan({ architecture, keys }: Varied) {
  const entries = Object.entries(keys).map(([key, value]): [string, Scalar | MetadataArray] => [
    `${architecture}.${key}`,
    typeof value === "number" ? value : { length: value.length, values: value },
  ]);
  const metadata: Metadata = new Map([["general.architecture", architecture], ...entries]);
  const parameters = hyperparameters(metadata, () => false);
  if (parameters === undefined) throw new Error("no layers");
  return planCaches(parameters);
}

describe("caches are those of llama.cpp, line by line, at any context, type and number of sequences", () => {
  it.each(all.map((one, index) => [index, one.name, one] as const))("%i, %s", (_, __, varied) => {
    const { attention, state } = plan(varied);
    for (const answer of varied.answers) {
      const settings = {
        nCtx: answer.n_ctx,
        nBatch: 2048,
        nUbatch: answer.n_ubatch,
        typeK: answer.type,
        typeV: answer.type,
        flashAttn: answer.flash_attn,
        nSequences: answer.sequences,
      };
      const lines = attention
        .map((cache) => attentionCacheBytes(cache, settings) / mib)
        .filter(isPrinted);
      const printed = answer.kv_mib.filter(isPrinted);
      expect(lines).toHaveLength(printed.length);
      for (const [line, expected] of printed.entries()) {
        expect(Math.abs((lines[line] ?? NaN) - expected)).toBeLessThanOrEqual(printedMib);
      }
      const stateMib = answer.state_mib.reduce((sum, one) => sum + one, 0);
      const off = Math.abs(stateBytes(state, answer.sequences) / mib - stateMib);
      expect(off).toBeLessThanOrEqual(printedMib * Math.max(1, answer.state_mib.length));
    }
  });
});
