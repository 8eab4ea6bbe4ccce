/** How long a case will take, from how fast it is predicted to be. */
import { sumOf } from "../base/sumOf.ts";
import type { Warmup } from "../bench/repetitions.ts";

/** Of one figure what is likeliest, and the ends between which four of five measurements lie. */
export interface Spread {
  readonly centre: number;
  readonly low: number;
  readonly high: number;
}

/** How often a case is measured, whatever it computes. */
export interface Repeating {
  /** Of the first launch, at least so many. */
  readonly repetitions: number;
  /** Of each launch after it. */
  readonly laterRepetitions: number;
  /** What warm-ups and repetitions of a launch may take where more of them make the mean known better; 0 where none do. */
  readonly moreForSeconds: number;
  readonly launches: Spread;
  readonly delaySeconds: number;
}

export interface DurationQuestion extends Repeating {
  readonly nPrompt: number;
  readonly nGen: number;
  readonly nDepth: number;
  readonly warmup: Warmup;
  /** Of the file, read once a launch. */
  readonly weightsBytes: number;
  /** Tokens per second; a prompt is never slower than decode, which stands in where prefill isn't known. */
  readonly tg: Spread;
  readonly pp: Spread | null;
}

/** Seconds. */
export type Duration = Spread;

/** A file's bytes per second: out of the page cache, of an SSD on PCIe, of one on SATA; assumed. */
const loadBytesPerSecond = { low: 5e9, centre: 1e9, high: 0.5e9 };

/** Repetitions of a full warm-up: the next mostly agrees with the first, and counts; there are three at most. */
const warmupRepetitions = { low: 1, centre: 1, high: 3 };

export type End = keyof Spread;

/** What takes shortest is fastest. */
const speedFor = { low: "high", centre: "centre", high: "low" } as const satisfies Record<End, End>;

export function caseDuration(question: DurationQuestion): Duration {
  return atEachEnd((end) => secondsOf(question, end));
}

export function atEachEnd(secondsAt: (end: End) => number): Duration {
  return { centre: secondsAt("centre"), low: secondsAt("low"), high: secondsAt("high") };
}

/** What a launch takes, in seconds: before anything that `moreForSeconds` counts, to warm up, and of each repetition. */
export interface LaunchSeconds {
  readonly before: number;
  readonly warmUp: number;
  readonly repetition: number;
}

/** Seconds of all launches of a case. */
export function launchesSeconds(
  { repetitions, laterRepetitions, moreForSeconds, launches, delaySeconds }: Repeating,
  end: End,
  { before, warmUp, repetition }: LaunchSeconds,
): number {
  const launch = (times: number) => {
    const measuring = warmUp + times * repetition;
    const most = end === "high" ? Math.max(measuring, moreForSeconds) : measuring;
    return before + delaySeconds + most;
  };
  return launch(repetitions) + (launches[end] - 1) * launch(laterRepetitions);
}

function secondsOf(question: DurationQuestion, end: End): number {
  const { nPrompt, nGen, nDepth, warmup } = question;
  const decode = question.tg[speedFor[end]];
  const prefill = question.pp?.[speedFor[end]] ?? decode;
  const prompt = nPrompt / prefill;
  const repetition = prompt + nGen / decode;
  const llamaBenchWarmup = prompt + (nGen > 0 ? 1 / decode : 0);
  const fullWarmup = llamaBenchWarmup + warmupRepetitions[end] * repetition;
  const warmUp = { full: fullWarmup, "llama-bench": llamaBenchWarmup, none: 0 }[warmup];
  // The depth is filled once, then restored.
  const before = question.weightsBytes / loadBytesPerSecond[end] + nDepth / prefill;
  return launchesSeconds(question, end, { before, warmUp, repetition });
}

/** One after the other: as if all were as fast, or slow, as they may be. */
export function durationOf(parts: readonly Duration[]): Duration {
  return atEachEnd((end) => sumOf(parts, (part) => part[end]));
}
