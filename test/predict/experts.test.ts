/** Mixtures of experts, recurrent layers, and experts that stay with the CPU. */
import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../src/bench/record.ts";
import { noCaches } from "../../src/fit/caches/cachePlan.ts";
import type { Datasheet } from "../../src/predict/datasheet.ts";
import { decodeWorkOf } from "../../src/predict/decodeWork.ts";
import { layerCosts } from "../../src/predict/layerCosts.ts";
import { modelOfRecord } from "../../src/predict/modelOfRecord.ts";
import {
  predictSpeed,
  prefillWorkOf,
  speedModels,
  type SpeedQuestion,
} from "../../src/predict/predictSpeed.ts";
import type { ReadModel } from "../../src/predict/readModel.ts";
import { caseOf } from "../results/rows.ts";
import { measured } from "../results/journals.ts";
import { usualQuestion } from "./usualQuestion.ts";

function told(model: string, quantization: string, weights_bytes: number): ReadModel {
  const record: CaseRecord = caseOf({ ...measured, model, quantization, weights_bytes });
  const found = modelOfRecord(record);
  if (found === null) throw new Error(`no model ${model}`);
  return found;
}

const tensor = (name: string, ...dims: number[]) => ({
  name: `${name}.weight`,
  dims,
  bytes: dims.reduce((product, dim) => product * dim, 1),
});

/** An architecture that nobody laid out: one layer that attends, one that remembers, both of them mixtures. */
const hybrid: ReadModel = {
  tensors: [
    tensor("token_embd", 64, 1000),
    tensor("output", 64, 1000),
    ...[0, 1].flatMap((layer) => [
      tensor(`blk.${layer}.ffn_gate_inp`, 64, 8),
      tensor(`blk.${layer}.ffn_up_exps`, 64, 32, 8),
      tensor(`blk.${layer}.ffn_down_exps`, 32, 64, 8),
      tensor(`blk.${layer}.ffn_up_shexp`, 64, 32),
      tensor(`blk.${layer}.ffn_down_shexp`, 32, 64),
    ]),
    tensor("blk.0.attn_q", 64, 64),
    tensor("blk.1.ssm_out", 64, 64),
  ],
  placedLayers: 2,
  heads: [{ key: 16, value: 16, queriesPerKey: 4 }],
  parameters: { experts: { count: 8, used: 2 } },
  caches: {
    attention: [
      {
        cells: { kind: "context" },
        perSequence: false,
        layers: [{ layer: 0, key: 16, value: 16 }],
        widestValue: 16,
      },
    ],
    state: [{ layer: 1, tensors: [100, 1000] }],
  },
};

function question(model: ReadModel, changes: Partial<SpeedQuestion> = {}): SpeedQuestion {
  return {
    model,
    quantization: "q4_k_m",
    ...usualQuestion,
    ...changes,
  };
}

describe("a model of any architecture", () => {
  const perLayer = 64 * 8 + 2 * 64 * 32 * 2 + 2 * 64 * 32;

  it("is read as far as a token goes: its experts, what all share, and the state, which is written again", () => {
    const { weightsBytesRead, kvBytesRead } = decodeWorkOf(question(hybrid), false);
    expect(weightsBytesRead).toBe(64_000 + 2 * perLayer + 2 * 64 * 64 + 2 * 4 * 1100);
    expect(kvBytesRead).toBe(256 * (16 + 16) * 2);
  });

  it("costs its layers by the operations that they consist of, in layers of a dense model", () => {
    const tensors = 6;
    const mixture = 12 + 2 * 2 + 2;
    const sums = 2;
    const attention = 17;
    const recurrence = 43;
    const both = (tensors + mixture + sums) * 2 + attention + recurrence;
    expect(layerCosts(hybrid).all).toBeCloseTo(both / 31, 9);
    const stateless = layerCosts({ ...hybrid, caches: noCaches }).all;
    expect(stateless).toBeCloseTo((both - recurrence - 1) / 31, 9);
  });

  it("multiplies a prompt with what each token goes through, and fills the blocks of experts with few tokens", () => {
    const work = prefillWorkOf(question(hybrid), false);
    expect(work.matrixOperations).toBe(2 * 512 * (2 * perLayer + 2 * 64 * 64));
    const one = prefillWorkOf(question(hybrid, { nUbatch: 256 }), false);
    const ratio = (one.paddingOperations ?? 0) / (work.paddingOperations ?? 1);
    expect(ratio).toBeCloseTo(2, 6);
    expect(prefillWorkOf(question(hybrid, { nPrompt: 4 }), false).paddingOperations).toBe(0);
  });

  it("goes to the host once for layers there, and for experts in each of their layers", () => {
    const turns = (changes: Partial<SpeedQuestion>) =>
      decodeWorkOf(question(hybrid, changes), false).hostTurns;
    expect(turns({})).toBe(0);
    expect(turns({ nCpuMoe: 2 })).toBe(2);
    expect(turns({ nGpuLayers: 2 })).toBe(1);
    expect(turns({ nGpuLayers: 0 })).toBe(0);
    expect(decodeWorkOf(question(hybrid, { nGpuLayers: 0 }), true).hostTurns).toBe(0);
  });
});

function card(chip: string, deviceCount: number, gbs: number, ramGbs: number): Datasheet {
  return {
    backend: "cuda",
    unified: false,
    deviceCount,
    chip,
    gpuCores: null,
    bandwidthBytesPerSecond: gbs * 1e9,
    fp16OperationsPerSecond: null,
    hostBandwidthBytesPerSecond: ramGbs * 1e9,
    pcieBytesPerSecond: null,
  };
}

/** Published: ggml-org and llmfit reports of 2025 and 2026. */
describe("experts on the CPU", () => {
  it.each<readonly [string, Datasheet, ReadModel, number, number]>([
    [
      "RTX 2080 beside four channels of DDR4",
      card("rtx-2080", 1, 448, 102),
      told("qwen3-30b-a3b", "q4_k_m", 18.56e9),
      36,
      36.7,
    ],
    [
      "two RTX 5090 beside two channels of DDR5",
      card("rtx-5090", 2, 1792, 89.6),
      told("gpt-oss-120b", "mxfp4_moe", 63.39e9),
      3,
      108,
    ],
  ])("are predicted with what going there costs: %s", (_, datasheet, model, nCpuMoe, speed) => {
    const models = speedModels({ datasheet, measured: [], published: [] });
    const predicted = predictSpeed(question(model, { nCpuMoe }), models);
    expect(predicted?.low).toBeLessThan(speed);
    expect(predicted?.high).toBeGreaterThan(speed);
    expect((predicted?.high ?? 9) / (predicted?.low ?? 1)).toBeLessThan(2);
  });
});
