/** What a run does: defaults, overridden by the suite, overridden by flags. */
import { toType } from "../base/invocation.ts";
import { mostLaunches } from "../bench/repetitions.ts";
import { LlmbenchError } from "../errors.ts";
import { flagKeys, flags, type FlagValues } from "./flags.ts";
import { impliedDevice } from "./impliedDevice.ts";
import { refuseContradictions } from "./contradictions.ts";
import { asksOfModel, expandWorkloads } from "./expand.ts";
import type { Quantization } from "../gguf/quantizations.ts";

/** What a suite or a command line says, by key; what it doesn't mention is absent. */
export type GivenFlags = { readonly [Key in keyof FlagValues]?: FlagValues[Key] | undefined };

export interface RunSettings extends FlagValues {
  /** For models of the catalogue; a .gguf has its own. */
  readonly quantizations: readonly Quantization[];
  /** Quantizations were asked for these very models: beside a .gguf they must be the file's. */
  readonly quantizationsAsked: boolean;
}

/** Quantization of a model that comes without any: llama.cpp's scoreboards are kept for it. */
export const defaultQuantization: Quantization = "q4_0";

/** Throws a usage error where nothing would be measured, or llama.cpp would refuse the combination. */
export function mergeSettings(suite: GivenFlags, given: GivenFlags): RunSettings {
  const merged = Object.fromEntries(
    flagKeys.map((key) => [key, given[key] ?? suite[key] ?? flags[key].initial]),
  ) as unknown as FlagValues;
  const sustained = (merged.sustainSeconds ?? 0) > 0;
  const settings: RunSettings = {
    ...merged,
    device: impliedDevice(merged.device, merged.devices),
    sustainSeconds: sustained ? merged.sustainSeconds : null,
    // A second launch would begin on a machine that the first has heated up.
    launches: sustained ? 1 : merged.launches,
    quantizations: merged.quantizations ?? [defaultQuantization],
    quantizationsAsked:
      given.quantizations !== undefined ||
      (suite.quantizations !== undefined && given.models === undefined),
  };
  check(settings, given);
  checkPairs(settings, suite);
  if (sustained) checkSustained(given);
  // A suite's models give way to flags that leave no test of any.
  return asksOfModel(settings) ? settings : { ...settings, models: [] };
}

/** `--pg 0,0` alone switches a suite's pairs off, as `--n-prompt 0` does its prompts; anything else by it is a slip of the hand. */
function checkPairs({ pg }: RunSettings, suite: GivenFlags): void {
  if (pg.every(({ nPrompt, nGen }) => nPrompt + nGen > 0)) return;
  const switchesOff =
    pg.length === 1 && (suite.pg ?? []).some(({ nPrompt, nGen }) => nPrompt + nGen > 0);
  if (switchesOff) return;
  throw new LlmbenchError(
    "usage",
    "--pg 0,0 measures nothing: it has neither a prompt nor tokens to generate; leave it out, or give one of the two a length",
  );
}

/** A suite's repetitions and launches give way to `--sustain`; whoever types both means something else. */
function checkSustained({ repetitions, launches }: GivenFlags): void {
  const [name] = [
    ...(repetitions === undefined ? [] : ["--repetitions"]),
    ...(launches === undefined || launches === 1 ? [] : ["--launches"]),
  ];
  if (name === undefined) return;
  throw new LlmbenchError(
    "usage",
    `--sustain beside ${name}: a sustained case is repeated for its time, in one launch; leave one of them out`,
  );
}

/** All samples of a case stand in one line of the journal, which takes 40 bytes of each: 20 MB at most. */
const mostRepetitions = 500_000;

function check(settings: RunSettings, given: GivenFlags): void {
  const { repetitions, launches } = settings;
  if (repetitions !== "auto" && repetitions * mostLaunches(launches) > mostRepetitions) {
    throw new LlmbenchError(
      "usage",
      `--repetitions ${repetitions} in --launches ${launches}: a case may be repeated ${mostRepetitions} times in all; to repeat it for a time use --sustain`,
    );
  }
  if (expandWorkloads(settings).length === 0) {
    throw new LlmbenchError(
      "usage",
      "nothing to measure: --n-prompt and --n-gen are 0 and there is no --pg; give one of them",
    );
  }
  checkModels(settings, given);
  refuseContradictions(settings);
}

function checkModels(settings: RunSettings, { models, quantizations }: GivenFlags): void {
  if (asksOfModel(settings)) {
    if (settings.models.length > 0) return;
    throw new LlmbenchError(
      "usage",
      `no model: the suite names none, add --model (${toType("models")} lists them)`,
    );
  }
  if (models === undefined && quantizations === undefined) return;
  throw new LlmbenchError(
    "usage",
    `--${models === undefined ? "quant" : "model"}: no test of a model is asked for: add --n-prompt or --n-gen, or leave it out`,
  );
}
