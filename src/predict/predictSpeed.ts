/** How fast a model would run here, or on a machine that isn't here, with so many layers on the device. */
import { getOrMake } from "../base/getOrMake.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf } from "./datasheet.ts";
import { decodeModel, type DecodeModel, type DecodePrediction } from "./decodeModel.ts";
import {
  decodeWorkOf,
  hostWeightsBytes,
  type DecodeQuestion,
  type DecodeWork,
} from "./decodeWork.ts";
import { prefillModel, type PrefillModel, type PrefillPrediction } from "./prefillModel.ts";
import { batchTokens, prefillWork, type PrefillWork, type PromptSettings } from "./prefillWork.ts";
import { publishedRows } from "./publishedRows.ts";
import { roofDecode } from "./roofDecode.ts";
import { roofPrefill } from "./roofPrefill.ts";
import type { Basis, SpeedSource } from "./speedSource.ts";
import { isSpoiled } from "./spoiledRows.ts";
import { timedDecode, timedPrefill } from "./timedWork.ts";

/** `quantization` is null for a file of types that llmbench has no name for. */
export type SpeedQuestion = DecodeQuestion & PromptSettings;

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

/** Made when they are first asked: by then the headers of files are read, without which their rows tell nothing. */
export function speedModels(source: SpeedSource): SpeedModels {
  let decode: DecodeModel | null | undefined;
  let prefill: PrefillModel | null | undefined;
  const decoding = () => (decode === undefined ? (decode = decodeOf(source)) : decode);
  return {
    source,
    get decode() {
      return decoding();
    },
    get prefill() {
      return prefill === undefined ? (prefill = prefillOf(source, decoding())) : prefill;
    },
  };
}

/** Where no row of this machine tells, what its memory and arithmetic were measured to do, before anybody else's word. */
function decodeOf(source: SpeedSource): DecodeModel | null {
  return measuredHere(source, timedDecode)
    ? decodeModel(source)
    : (roofDecode(source) ?? decodeModel(source));
}

function prefillOf(source: SpeedSource, decode: DecodeModel | null): PrefillModel | null {
  return measuredHere(source, timedPrefill)
    ? prefillModel(source, decode)
    : (roofPrefill(source, decode) ?? prefillModel(source, decode));
}

function measuredHere(
  { measured }: SpeedSource,
  timed: (record: CaseRecord) => object | null,
): boolean {
  return measured.some((record) => !isSpoiled(record) && timed(record) !== null);
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

/** The same of a box whose RAM is known: rows with layers on the CPU were read from other boxes' RAM. */
export function ownRamSource(
  machine: DescribedMachine,
  published: readonly CaseRecord[],
): SpeedSource {
  return describedSource(
    machine,
    published.filter((record) => (timedDecode(record)?.work.hostBytes ?? 0) === 0),
  );
}

/** Null where nothing tells of the machine's memory bandwidth. */
export function predictSpeed(
  question: SpeedQuestion,
  { source, decode, prefill }: SpeedModels,
): SpeedPrediction | null {
  if (decode === null) return null;
  const work = workOf(question, source.datasheet.backend === "cpu");
  const tg = decode.predict(work.decode);
  const pp = prefill?.predict(work.prefill) ?? null;
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

export function prefillWorkOf(question: SpeedQuestion, onCpu: boolean): PrefillWork {
  const { model, quantization, flashAttention } = question;
  const settings = { ...question, nPrompt: Math.max(1, question.nPrompt) };
  return {
    ...prefillWork(model, quantization ?? "", settings),
    hostBytes: onCpu ? 0 : hostWeightsBytes(question, batchTokens(settings)),
    flashAttention,
  };
}
