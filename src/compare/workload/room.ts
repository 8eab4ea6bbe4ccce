/** Whether an answer's tokens have room: in the context that the model was trained for, and on the machine's GPU. */
import type { CaseRow } from "../../results/caseResult.ts";
import { buffersAt, hasSizedCache } from "../holding.ts";
import { placementRank } from "../placement.ts";
import type { Answerer } from "./answers.ts";

/** The context that a model was trained for; null where that isn't known. */
export type TrainedTokens = (model: string) => number | null;

export function isTrainedFor(
  { model }: Pick<Answerer, "model">,
  tokens: number,
  trainedTokens: TrainedTokens,
): boolean {
  return tokens <= (trainedTokens(model) ?? Infinity);
}

/** placementRank of what ran on the GPU, or may have. */
const onGpu = 3;

/** False where it is known that the GPU, on which the tests ran, doesn't hold the context. */
export function hasRoom(answerer: Answerer, tokens: number): boolean {
  const { tests, rows, settings } = answerer;
  if (tests.some((row) => placementRank(row) < onGpu)) return true;
  if (tests.some((row) => contextOf(row) >= tokens)) return true;
  const refused = rows.filter((row) => notRun(row) && sameCache(row, settings));
  if (refused.some((row) => contextOf(row) <= tokens)) return false;
  const predicted = tests.map((row) => predictedRoom(row, tokens)).find((room) => room !== null);
  return predicted ?? bytesFit(answerer, tokens);
}

function notRun({ status }: CaseRow): boolean {
  return status === "does_not_fit" || status === "skipped";
}

/** As judged before the run; null where that tells nothing of so many tokens. */
function predictedRoom({ max_ctx, fit_ctx, fit_at_ctx }: CaseRow, tokens: number): boolean | null {
  if (max_ctx !== null) return tokens <= max_ctx;
  if (fit_ctx === null || fit_at_ctx === null) return null;
  if (fit_at_ctx === "full") return tokens <= fit_ctx ? true : null;
  return tokens >= fit_ctx ? false : null;
}

function contextOf({ n_ctx, n_depth, n_prompt, n_gen }: CaseRow): number {
  return Math.max(n_ctx ?? 0, n_depth + n_prompt + n_gen);
}

function sameCache(row: CaseRow, settings: CaseRow): boolean {
  return (["type_k", "type_v", "no_kv_offload"] as const).every(
    (name) => row[name] === null || settings[name] === null || row[name] === settings[name],
  );
}

function bytesFit({ machine: { gpuBudgetBytes }, tests }: Answerer, tokens: number): boolean {
  const sized = tests.find(hasSizedCache);
  const weightsBytes = sized?.weights_bytes ?? sized?.model_size ?? null;
  if (sized === undefined || weightsBytes === null || gpuBudgetBytes === null) return true;
  if (sized.no_kv_offload === 1) return true;
  return weightsBytes + buffersAt(sized, tokens) <= gpuBudgetBytes;
}
