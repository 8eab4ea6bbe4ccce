/**
 * What ran wholly on GPUs and what ran out of memory, as XiongjieDai/GPU-Benchmarks-on-LLM-Inference tells (commits in
 * the file's last column). Llama 1 and 2 were run at llama.cpp's default context of then, 512 tokens; Llama 3 up to 2048,
 * and where a column says so at 8192.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { enginePackage } from "../../src/base/version.ts";
import { judgeFit, type Fit } from "../../src/fit/judgeFit.ts";
import { describedMemoryModel, type MemoryModel } from "../../src/fit/memoryModel.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { isQuantization } from "../../src/gguf/quantizations.ts";
import { describedBudget } from "../../src/machine/describedMachine.ts";
import { describedMachines } from "../../src/machine/machinesOfFile.ts";
import { machineFileSchema } from "../../src/machine/machineFile.ts";
import type { MemoryBudget } from "../../src/machine/memoryBudget.ts";
import { cacheFolder } from "../../src/base/cacheFolder.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { llamaTensorTypes } from "../engines/tensorTypes.ts";
import { tensorTypesOf } from "../../src/models/syntheticTypes.ts";
import { llama2_7b } from "../gguf/shapes.ts";
import { plainSettings } from "./sparseModel.ts";

interface Outcome {
  readonly generation: string;
  readonly machine: string;
  readonly memory_kind: string;
  readonly memory_gib: string;
  readonly count: string;
  readonly model: string;
  readonly at_8192: string;
  readonly outcome: string;
}

const file = fileURLToPath(new URL("publishedOutcomes.csv", import.meta.url));
const outcomes = parse<Outcome>(readFileSync(file), { columns: true });

const ask = await llamaTensorTypes();

/** Llama 1's, which the catalogue doesn't have. */
const llama1: Readonly<Record<string, ModelShape>> = {
  "30B": { ...llama2_7b, n_layers: 60, n_embd: 6656, n_ff: 17_920, n_heads: 52, n_kv_heads: 52 },
  "65B": { ...llama2_7b, n_layers: 80, n_embd: 8192, n_ff: 22_016, n_heads: 64, n_kv_heads: 64 },
};

function shapeOf(generation: string, size: string): ModelShape {
  const id = generation === "LLaMA 3" ? `llama-3.1-${size}` : `llama-2-${size}`;
  const shape = llama1[size] ?? catalogue().find(id)?.shape;
  if (shape === undefined) throw new Error(`no model ${generation} ${size}`);
  return shape;
}

const models = new Map<string, Promise<MemoryModel>>();

function modelOf({
  generation,
  model,
}: Pick<Outcome, "generation" | "model">): Promise<MemoryModel> {
  const key = `${generation} ${model}`;
  const known = models.get(key) ?? makeModel(generation, model);
  models.set(key, known);
  return known;
}

async function makeModel(generation: string, model: string): Promise<MemoryModel> {
  const [, size = "", name = ""] = /^(\d+B)[ _](\w+)$/.exec(model) ?? [];
  const quantization = name.toLowerCase();
  if (!isQuantization(quantization)) throw new Error(`no quantization ${name}`);
  const shape = shapeOf(generation, size);
  const types = await tensorTypesOf({
    shape,
    quantization,
    cacheDir: cacheFolder(),
    engineVersion: enginePackage(),
    ask,
  });
  return describedMemoryModel(shape, quantization, types);
}

function budgetOf({
  machine,
  memory_kind,
  memory_gib,
  count,
}: Pick<Outcome, "machine" | "memory_kind" | "memory_gib" | "count">): MemoryBudget {
  const unimportant = { value: 100, source: "none" };
  const gib = Number(memory_gib);
  const described =
    memory_kind === "unified"
      ? {
          unified: [
            { chip: machine, ram_gib: [gib], backend: "metal", bandwidth_gbs: unimportant },
          ],
        }
      : {
          discrete: [
            {
              gpu: machine,
              memory_gib: [gib],
              counts: [Number(count)],
              backend: "cuda",
              bandwidth_gbs: unimportant,
            },
          ],
          host: { ram_gib: { value: 128, source: "assumed" }, bandwidth_gbs: unimportant },
        };
  const [found] = describedMachines(machineFileSchema.parse(described));
  if (found === undefined) throw new Error(`no machine ${machine}`);
  return describedBudget(found);
}

async function fitOf(
  outcome: Parameters<typeof budgetOf>[0] & Pick<Outcome, "generation" | "model">,
  nCtx: number,
): Promise<Fit> {
  const settings = {
    ...plainSettings,
    nCtx,
    gpuLayers: "auto",
    flashAttn: "auto",
    loadMode: "auto",
  } as const;
  return judgeFit(await modelOf(outcome), settings, budgetOf(outcome), { detail: "sampled" }).fit;
}

/** A card whose memory is split by rows, as builds of 2023 did, holds all caches and buffers besides its share. */
const splitByRows = [
  "LLaMA 1 65B_q4_0 on RTX 4000 Ada 20GB * 2: full, and was oom",
  "LLaMA 2 70B_q4_0 on RTX 4000 Ada 20GB * 2: full, and was oom",
];

function mac(memory_gib: string) {
  return { machine: "Apple M3 Max", memory_kind: "unified", memory_gib, count: "1" };
}

function cards(memory_gib: string, count = "1") {
  return { machine: "NVIDIA RTX", memory_kind: "discrete", memory_gib, count };
}

describe("published outcomes", () => {
  it("are predicted, but for two where builds of then laid memory out otherwise", async () => {
    const misses: string[] = [];
    for (const outcome of outcomes) {
      const { generation, machine, model } = outcome;
      const asked: [number, string][] = [[generation === "LLaMA 3" ? 2048 : 512, outcome.outcome]];
      if (outcome.at_8192 !== "") asked.push([8192, outcome.at_8192]);
      for (const [nCtx, was] of asked) {
        const fit = await fitOf(outcome, nCtx);
        if ((fit === "full") === (was === "fits")) continue;
        misses.push(`${generation} ${model} on ${machine}: ${fit}, and was ${was}`);
      }
    }
    expect(misses).toEqual(splitByRows);
  });

  it.each([
    ["70B Q4_0 on an M3 Max with 48 GB", "LLaMA 2", "70B_q4_0", mac("48"), 4096, false],
    ["70B Q4_K_M on an M3 Max with 64 GB", "LLaMA 3", "70B Q4_K_M", mac("64"), 4096, true],
    ["13B F16 on 24 GB", "LLaMA 2", "13B_f16", cards("24"), 512, false],
    ["8B F16 on 16 GB at 4096", "LLaMA 3", "8B F16", cards("16"), 4096, true],
    ["8B F16 on 16 GB at 8192", "LLaMA 3", "8B F16", cards("16"), 8192, false],
    ["7B F16 on a 16 GB M3", "LLaMA 2", "7B_f16", mac("16"), 512, false],
    ["70B Q4_0 on two cards of 20 GB", "LLaMA 2", "70B_q4_0", cards("20", "2"), 4096, false],
  ] as const)("%s", async (_, generation, model, machine, nCtx, full) => {
    const fit = await fitOf({ generation, model, ...machine }, nCtx);
    expect(fit === "full").toBe(full);
  });
});
