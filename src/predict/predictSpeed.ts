/** How fast a model would run here, or on a machine that isn't here, with so many layers on the device. */
import { getOrMake } from "../base/getOrMake.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf } from "./datasheet.ts";
import { decodeModel, type DecodeModel, type DecodePrediction } from "./decodeModel.ts";
import { kvRead, type DecodeWork } from "./decodeWork.ts";
import { prefillModel, type PrefillModel, type PrefillPrediction } from "./prefillModel.ts";
import { batchTokens, prefillWork, type PrefillWork } from "./prefillWork.ts";
import { publishedRows } from "./publishedRows.ts";
import { shapeOfModel } from "./shapeOfModel.ts";
import type { Basis, SpeedSource } from "./speedSource.ts";
import { timedPrefill } from "./timedWork.ts";
import { weightsRead, type WeighedTensor } from "./weightsRead.ts";

export interface SpeedQuestion {
  readonly shape: ModelShape;
  /** `q4_k_m`; null for a file of types that llmbench has no name for. */
  readonly quantization: string | null;
  readonly tensors: readonly WeighedTensor[];
  /** As llama.cpp counts: the last so many, n_layers + 1 takes the output layer too. */
  readonly nGpuLayers: number;
  /** Of the first so many layers the experts are in host memory. */
  readonly nCpuMoe?: number;
  readonly nPrompt: number;
  readonly nGen: number;
  readonly nDepth: number;
  readonly nBatch: number;
  readonly nUbatch: number;
  readonly typeK: string;
  readonly typeV: string;
  readonly flashAttention: boolean;
}

/** The `predicted` of `fit --json`: `low` and `high` are of `tg_ts`. */
export interface SpeedPrediction {
  readonly tg_ts: number;
  /** Null where nothing tells how fast the machine computes. */
  readonly pp_ts: number | null;
  readonly low: number;
  readonly high: number;
  readonly basis: Basis;
  readonly decode: DecodePrediction;
  readonly prefill: PrefillPrediction | null;
}

export interface SpeedModels {
  readonly source: SpeedSource;
  readonly decode: DecodeModel | null;
  readonly prefill: PrefillModel | null;
}

export function speedModels(source: SpeedSource): SpeedModels {
  const decode = decodeModel(source);
  return { source, decode, prefill: prefillModel(source, decode) };
}

/** @param published all that is published, of whatever machine. */
export function describedSource(
  machine: DescribedMachine,
  published: readonly CaseRecord[],
): SpeedSource {
  return {
    datasheet: datasheetOf(machine),
    measured: [],
    published: publishedRows(machine, published),
  };
}

/** Null where nothing tells of the machine's memory bandwidth. */
export function predictSpeed(
  question: SpeedQuestion,
  { source, decode, prefill }: SpeedModels,
): SpeedPrediction | null {
  if (decode === null) return null;
  const work = workOf(question, source.datasheet.backend === "cpu");
  const tg = decode.predict(work.decode);
  const pp = sayOfPrompts(question, source) ? (prefill?.predict(work.prefill) ?? null) : null;
  return {
    tg_ts: tg.tg_ts,
    pp_ts: pp?.pp_ts ?? null,
    low: tg.low,
    high: tg.high,
    basis: tg.basis,
    decode: tg,
    prefill: pp,
  };
}

interface SpeedWork {
  readonly decode: DecodeWork;
  readonly prefill: PrefillWork;
}

const works = {
  cpu: new WeakMap<SpeedQuestion, SpeedWork>(),
  device: new WeakMap<SpeedQuestion, SpeedWork>(),
};

/** One question is put to many machines. */
function workOf(question: SpeedQuestion, onCpu: boolean): SpeedWork {
  return getOrMake(works[onCpu ? "cpu" : "device"], question, () => ({
    decode: decodeWorkOf(question, onCpu),
    prefill: prefillWorkOf(question, onCpu),
  }));
}

/**
 * The rows of a prompt scatter over many experts, whose small products run at a rate of their own: only a mixture that was
 * measured on the machine tells it.
 */
function sayOfPrompts({ shape }: SpeedQuestion, { measured, published }: SpeedSource): boolean {
  if (shape.experts === undefined) return true;
  return [...measured, ...published.flat()].some(
    (record) =>
      shapeOfModel(record.model.id)?.experts !== undefined && timedPrefill(record) !== null,
  );
}

/** Without a GPU nothing lies beside one: the CPU is the device. */
export function decodeWorkOf(question: SpeedQuestion, onCpu: boolean): DecodeWork {
  const { shape, nGen, flashAttention } = question;
  const weightsBytesRead = weightsRead(question.tensors, shape).total;
  const kvBytesRead = kvRead(shape, { ...question, nGen: Math.max(1, nGen) });
  const hostKv = kvBytesRead * (hostLayers(question) / shape.n_layers);
  const hostBytes = onCpu ? 0 : hostWeightsBytes(question) + hostKv;
  return { nLayers: shape.n_layers, weightsBytesRead, kvBytesRead, hostBytes, flashAttention };
}

export function prefillWorkOf(question: SpeedQuestion, onCpu: boolean): PrefillWork {
  const { shape, quantization, flashAttention } = question;
  const tokens = batchTokens(question);
  const weights = weightsRead(question.tensors, shape, tokens).total;
  return {
    ...prefillWork(shape, quantization ?? "", weights, {
      ...question,
      nPrompt: Math.max(1, question.nPrompt),
    }),
    hostBytes: onCpu ? 0 : hostWeightsBytes(question, tokens),
    flashAttention,
  };
}

function hostLayers({ shape, nGpuLayers }: SpeedQuestion): number {
  return Math.max(0, shape.n_layers - Math.max(0, nGpuLayers - 1));
}

/** Of the layers before the last `nGpuLayers`, and of experts kept there; the output layer goes to the device first. */
function hostWeightsBytes(question: SpeedQuestion, tokens = 1): number {
  const { tensors, shape, nGpuLayers, nCpuMoe = 0 } = question;
  const first = hostLayers(question);
  const read = weightsRead(tensors, shape, tokens);
  return read.ofFirst(first, Math.max(first, nCpuMoe), nGpuLayers === 0);
}
