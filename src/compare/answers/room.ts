/** Whether an answer's tokens have room: in the context that the model was trained for, and on the machine's GPU. */
import type { CaseRecord, SettingFacts } from "../../bench/record.ts";
import { contextTokens } from "../../bench/workload.ts";
import { buffersAt, hasSizedCache, weightsBytesOf } from "../caseBytes.ts";
import { isOnGpu } from "../processors.ts";
import { fitsWholly, isRefused } from "../refusals.ts";
import type { ModelPace } from "./modelPace.ts";

/** The context that a model was trained for; null where that isn't known. */
export type TrainedTokens = (model: string) => number | null;

export function isTrainedFor(
  { model }: Pick<ModelPace, "model">,
  tokens: number,
  trainedTokens: TrainedTokens,
): boolean {
  return tokens <= (trainedTokens(model.id) ?? Infinity);
}

/** False where it is known that the GPU, on which the tests ran, doesn't hold the context. */
export function hasRoom(pace: ModelPace, tokens: number): boolean {
  const { tests, cases, judged } = pace;
  if (!tests.every(isOnGpu)) return true;
  if (tests.some((record) => contextOf(record) >= tokens)) return true;
  const refused = cases.filter((record) => isRefused(record) && sameCache(record, judged));
  if (refused.some((record) => contextOf(record) <= tokens)) return false;
  const predicted = tests
    .map((record) => predictedRoom(record, tokens))
    .find((room) => room !== null);
  return predicted ?? bytesFit(pace, tokens);
}

/** Whether so many tokens have room, as judged before the run; null where that judgement doesn't reach so far. */
function predictedRoom({ fit }: CaseRecord, tokens: number): boolean | null {
  const { maxCtx, useCtx, atUse } = fit;
  if (maxCtx !== null) return tokens <= maxCtx;
  const fits = fitsWholly(atUse);
  if (useCtx === null || fits === null) return null;
  if (fits) return tokens <= useCtx ? true : null;
  return tokens >= useCtx ? false : null;
}

function contextOf({ settings, workload }: CaseRecord): number {
  return Math.max(settings.nCtx ?? 0, contextTokens(workload));
}

const cacheSettings = [
  "typeK",
  "typeV",
  "noKvOffload",
] as const satisfies readonly (keyof SettingFacts)[];

function sameCache({ settings: a }: CaseRecord, { settings: b }: CaseRecord): boolean {
  return cacheSettings.every((name) => a[name] === null || b[name] === null || a[name] === b[name]);
}

function bytesFit({ machine: { gpuBudgetBytes }, tests }: ModelPace, tokens: number): boolean {
  const sized = tests.find(hasSizedCache);
  const weightsBytes = sized === undefined ? null : weightsBytesOf(sized);
  if (sized === undefined || weightsBytes === null || gpuBudgetBytes === null) return true;
  if (sized.settings.noKvOffload === true) return true;
  return weightsBytes + buffersAt(sized, tokens) <= gpuBudgetBytes;
}
