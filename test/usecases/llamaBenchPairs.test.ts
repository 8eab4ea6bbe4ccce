import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pairJson } from "../../src/reporters/compare/contract.ts";
import { compareFiles } from "../../src/usecases/compareFiles.ts";
import { defaults } from "../compare/rows.ts";
import { toyWeights } from "../engines/toyWeights.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { hasLlamaBench, llamaBench } from "./builtLlamaBench.ts";
import { benchHere } from "./inProcess.ts";

const folder = temporaryFolder();

/** A toy model whose header calls it otherwise than the file's name and the catalogue do. */
async function weightsOfOtherName(file: string): Promise<string> {
  const bytes = readFileSync(await toyWeights());
  const at = bytes.indexOf("toy-4m", bytes.indexOf("general.name"));
  bytes.write("Zephyr", at, "utf8");
  const path = join(folder, file);
  writeFileSync(path, bytes);
  return path;
}

const formats = ["csv", "json", "jsonl", "md"] as const;

describe.skipIf(!hasLlamaBench)("one file measured by llama-bench and by llmbench", () => {
  it.each(["Some Weights.gguf", "toy-4m.gguf", "ggml-model-q4_0.gguf"])(
    "is one model in every format of llama-bench, whatever it is called (%s)",
    async (file) => {
      const path = await weightsOfOtherName(file);
      const outputDir = join(folder, `run of ${file}`);
      const given = { repetitions: 3, launches: 2, nPrompt: [32], nGen: [8], nThreads: [2] };
      await benchHere({ ...given, models: [path], device: "cpu", outputDir });
      for (const format of formats) {
        const text = llamaBench([
          "-m",
          path,
          "-p",
          "32",
          "-n",
          "8",
          "-r",
          "3",
          "-t",
          "2",
          "-o",
          format,
        ]);
        const theirs = join(folder, `${file}.${format}`);
        writeFileSync(theirs, text);
        const { comparison } = await compareFiles([outputDir, theirs], defaults);
        const pairs = comparison.pairs.map(pairJson);
        expect([format, pairs.map(({ test }) => test)]).toEqual([format, ["pp32", "tg8"]]);
        expect(comparison.unpaired).toEqual([]);
        for (const { settings_differ: settings, ratio_low: low, ratio_high: high } of pairs) {
          expect(
            settings
              .map((difference) => difference.split(":")[0])
              .filter((name) => !told.has(name)),
          ).toEqual([]);
          expect([low, high].every((bound) => Number.isFinite(bound))).toBe(true);
        }
      }
    },
    120_000,
  );
});

/** Weights of llmbench's making are always told, and a release may be told in two forms. */
const told = new Set<string | undefined>(["model", "weights", "build"]);
