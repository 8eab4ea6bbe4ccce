/** The llmbench command line that measures a case again. */
import { groupBy } from "../base/groupBy.ts";
import { showValue } from "../base/showValue.ts";
import type { CaseRecord } from "../bench/record.ts";
import { isOfMachine, testName, type MachineWorkload } from "../bench/workload.ts";
import { usualUseCtx } from "../fit/useContext.ts";
import { usualEngine } from "../engines/registry.ts";
import { flagKeys, flagOf, type FlagKey } from "../suite/flags.ts";
import { runSettings } from "../suite/runSettings.ts";
import type { GivenFlags, RunSettings } from "../suite/settings.ts";
import { commandWords, type Spelling } from "./commandWords.ts";
import { meaningOf } from "./flagMeaning.ts";
import { mergedTests } from "./mergedTests.ts";
import { modelToRun, modelToTrain, type ModelToRun } from "./modelToRun.ts";
import {
  matrixTexts,
  runTexts,
  settingTexts,
  trainingTexts,
  type SettingTexts,
} from "./settingTexts.ts";

/** What is measured is named in full, how it is measured by llama-bench's letters. */
const inFull: ReadonlySet<FlagKey> = new Set(["models", "quantizations"]);

/** A command that measures cases again; a comment alone says why there is none. */
export interface RepeatCommand {
  /** After a comment where another model stands for the cases'. */
  readonly lines: readonly string[];
  readonly cases: readonly CaseRecord[];
}

/**
 * All settings that the case tells and that a run without them wouldn't have.
 * @param twins names of models of one shape with the case's.
 */
export function llmbenchLines(record: CaseRecord, twins: readonly string[]): readonly string[] {
  return llmbenchCommands([record], () => twins).flatMap(({ lines }) => lines);
}

/**
 * The fewest commands that measure just these tests: one for all cases of the same model and settings.
 * @param twinsOf names of models of one shape with the case's.
 */
export function llmbenchCommands(
  cases: readonly CaseRecord[],
  twinsOf: (record: CaseRecord) => readonly string[],
): RepeatCommand[] {
  const asked = cases.map((record) => askFor(record, twinsOf(record)));
  const refused = asked.filter((one) => one.kind === "refused");
  const ofMachine = asked.filter((one) => one.kind === "machine");
  const askable = groupBy(
    asked.filter((one) => one.kind === "command"),
    ({ record, model }) =>
      `${record.model.id} ${model.spec} ${model.quantization} ${model.weights}`,
  );
  return [
    ...[...askable.values()].flatMap((same) =>
      mergedTests(same, ({ texts }) => texts).map(({ texts, items }) => commandOf(texts, items)),
    ),
    ...[...groupBy(ofMachine, ({ line }) => line)].map(([line, same]) => ({
      lines: [line],
      cases: same.map(({ record }) => record),
    })),
    ...[...groupBy(refused, ({ why }) => why)].map(([why, same]) => ({
      lines: [`# no llmbench line: ${why}`],
      cases: same.map(({ record }) => record),
    })),
  ];
}

type Asked =
  | {
      readonly kind: "command";
      readonly record: CaseRecord;
      readonly model: ModelToRun;
      readonly texts: SettingTexts;
    }
  /** Of the machine alone, without a model. */
  | { readonly kind: "machine"; readonly record: CaseRecord; readonly line: string }
  | { readonly kind: "refused"; readonly record: CaseRecord; readonly why: string };

function askFor(record: CaseRecord, twins: readonly string[]): Asked {
  const { workload } = record;
  if (isOfMachine(workload))
    return { kind: "machine", record, line: machineLine(record, workload) };
  const refused = (why: string): Asked => ({ kind: "refused", record, why });
  const model =
    workload.kind === "train" ? modelToTrain(record.model) : modelToRun(record.model, twins);
  if (typeof model === "string") return refused(model);
  const texts = textsOf(record, model);
  if (texts === null) return refused(`no flag asks for ${testName(record.workload)}`);
  const refusal = refusalOf(texts);
  return refusal === null ? { kind: "command", record, model, texts } : refused(refusal);
}

function commandOf(
  texts: SettingTexts,
  items: readonly Extract<Asked, { kind: "command" }>[],
): RepeatCommand {
  const cases = items.map(({ record }) => record);
  const [first] = items;
  if (first === undefined) return { lines: [], cases };
  const { model, record } = first;
  const line = ["llmbench run", ...commandWords(texts, spellingFor(model, record))].join(" ");
  const { description } = model;
  const { id } = record.model;
  const lines =
    description === null || description.id === id
      ? [line]
      : [`# ${id} is none of llmbench's models, ${description.id} has its shape`, line];
  return { lines, cases };
}

function machineLine(record: CaseRecord, workload: MachineWorkload): string {
  const texts = { ...settingTexts(record), ...runTexts(record), weights: null };
  const usual = runSettings(givenFor(workload)).settings;
  const spelling: Spelling = { flag: spell, usual: (_, key) => usual[key] };
  return ["llmbench run", ...testWords(workload), ...commandWords(texts, spelling)].join(" ");
}

/** The flag that asks for the test, and its value. */
function testWords(workload: MachineWorkload): string[] {
  switch (workload.kind) {
    case "copy":
      return ["--copy"];
    case "read":
      return ["--read", workload.type];
    case "matmul":
      return ["--matmul", `${workload.size}:${workload.type}`];
    default:
      return workload satisfies never;
  }
}

function givenFor(workload: MachineWorkload): GivenFlags {
  switch (workload.kind) {
    case "copy":
      return { copy: true };
    case "read":
      return { read: [workload.type] };
    case "matmul":
      return { matmul: [workload] };
    default:
      return workload satisfies never;
  }
}

/** Null for a test that no flag asks for. */
function textsOf(
  record: CaseRecord,
  { spec, quantization, weights }: ModelToRun,
): SettingTexts | null {
  const training = trainingTexts(record);
  if (training !== null)
    return { models: spec, ...training, ...settingTexts(record), ...runTexts(record), weights };
  const matrix = matrixTexts(record);
  if (matrix === null) return null;
  return { models: spec, quantizations: quantization, ...matrix, ...runTexts(record), weights };
}

function spellingFor({ description }: ModelToRun, { workload }: CaseRecord): Spelling {
  const useCtx = description === null ? null : usualUseCtx(description.shape);
  const usual = { ...(workload.kind === "train" ? usualTraining() : usualRun()), useCtx };
  return {
    flag: spell,
    // The suite's own model and quantization give way to the case's.
    usual: (_, key) => (inFull.has(key) ? null : usual[key]),
  };
}

const spell: Spelling["flag"] = ({ name, aliases }, key) => {
  const word = inFull.has(key) ? name : (aliases[0] ?? name);
  return word.length === 1 ? `-${word}` : `--${word}`;
};

let usual: RunSettings | undefined;

/** What `llmbench run --model NAME` does by itself. */
function usualRun(): RunSettings {
  usual ??= runSettings({ models: ["a model"] }).settings;
  return usual;
}

let usualTrained: RunSettings | undefined;

/** What `llmbench run --model NAME --train SIZE` does by itself; the engine is said all the same. */
function usualTraining(): RunSettings {
  usualTrained ??= {
    ...runSettings({ models: ["a model"], train: [{ sequence: 1, batch: 1 }] }).settings,
    engine: usualEngine,
  };
  return usualTrained;
}

/** A setting that no flag takes, as of a llama.cpp that has more; null where all are fine. */
function refusalOf(texts: SettingTexts): string | null {
  for (const key of flagKeys) {
    const text = texts[key] ?? null;
    if (text === null) continue;
    const flag = flagOf(key);
    const meaning = meaningOf(flag, text);
    if (meaning.kind === "refused") return `--${flag.name} ${showValue(text)}: ${meaning.why}`;
  }
  return null;
}
