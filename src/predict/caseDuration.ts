/** How long a case will take, from how fast it is predicted to be. */
import type { Warmup } from "../bench/repetitions.ts";

export interface DurationQuestion {
  readonly nPrompt: number;
  readonly nGen: number;
  readonly nDepth: number;
  readonly repetitions: number;
  readonly launches: number;
  readonly warmup: Warmup;
  readonly delaySeconds: number;
  /** Of the file, read once a launch. */
  readonly weightsBytes: number;
  /** Tokens per second; a prompt is never slower than decode, which stands in where prefill isn't known. */
  readonly tg_ts: number;
  readonly pp_ts: number | null;
}

/** Of an SSD, assumed; where the file is cached it is less. */
const loadBytesPerSecond = 1e9;

/** A full warm-up is one repetition, and up to three until two agree: mostly two. */
const warmupRepetitions = 2;

/** Seconds. */
export function caseSeconds(question: DurationQuestion): number {
  const { nPrompt, nGen, nDepth, repetitions, launches, warmup, tg_ts } = question;
  const prefillSpeed = question.pp_ts ?? tg_ts;
  const prompt = nPrompt / prefillSpeed;
  const repetition = prompt + nGen / tg_ts;
  const llamaBenchWarmup = prompt + (nGen > 0 ? 1 / tg_ts : 0);
  const fullWarmup = llamaBenchWarmup + warmupRepetitions * repetition;
  const launch =
    question.weightsBytes / loadBytesPerSecond +
    // Filled once, then restored.
    nDepth / prefillSpeed +
    question.delaySeconds +
    { full: fullWarmup, "llama-bench": llamaBenchWarmup, none: 0 }[warmup] +
    repetitions * repetition;
  return launches * launch;
}
