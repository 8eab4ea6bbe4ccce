/** Judges the fit of a file whose graph llmbench doesn't lay out by what llama.cpp tells of it, with nothing allocated. */
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import { AskedCompute, type ComputeByPlace, type PlacementQuestion } from "./askedCompute.ts";
import { shareAt, type KnownShares } from "./computeBand.ts";
import { offBy, type Told } from "./computeKnowledge.ts";
import { judgeFit, type FitVerdict, type JudgeOptions } from "./judgeFit.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { FitSettings } from "./memorySettings.ts";
import { predictMemory } from "./predictMemory.ts";

/** Null where llama.cpp doesn't tell: it gave up, or refuses the file. */
export type AskCompute = (question: PlacementQuestion) => Promise<ComputeByPlace | null>;

/** Each round asks of at most three placements; a search that goes on after that is over a few bytes. */
const mostRounds = 6;

/**
 * Asks of the placements that decide, judges by the answers, and asks again where they decide for others.
 *
 * @param ask of the devices that `budget` is of
 */
export async function judgeAsking(
  model: MemoryModel,
  settings: FitSettings,
  budget: MemoryBudget,
  options: Omit<JudgeOptions, "told">,
  ask: AskCompute,
): Promise<FitVerdict> {
  const answers = new AskedCompute();
  const told: Told = { kind: "here", answers };
  let verdict = judgeFit(model, settings, budget, { ...options, told });
  for (let round = 0; round < mostRounds; round++) {
    const open = decidingQuestions(verdict, settings, budget).filter((one) => !answers.has(one));
    if (open.length === 0) break;
    for (const question of open) {
      const bytes = await ask(question);
      if (bytes === null) return verdict;
      answers.add(question, bytes);
    }
    verdict = judgeFit(model, settings, budget, { ...options, told });
  }
  return verdict;
}

/** The placement of the verdict, the one that it falls short of, and the largest context. */
function decidingQuestions(
  { nGpuLayers, nLayers, maxCtx }: FitVerdict,
  { nCtx }: FitSettings,
  { devices }: MemoryBudget,
): PlacementQuestion[] {
  const largest = maxCtx ?? nCtx;
  const all = devices.length === 0 ? 0 : nLayers + 1;
  const questions = [
    { gpuLayers: nGpuLayers, nCtx },
    { gpuLayers: all, nCtx },
    { gpuLayers: nGpuLayers, nCtx: largest },
  ];
  return questions.filter(
    (one, index) => questions.findIndex((other) => isSame(one, other)) === index,
  );
}

function isSame(a: PlacementQuestion, b: PlacementQuestion): boolean {
  return a.gpuLayers === b.gpuLayers && a.nCtx === b.nCtx;
}

/** For machines that aren't here: what llama.cpp tells of the CPU says by how much the estimate is off. */
export async function tellElsewhere(
  model: MemoryModel,
  settings: FitSettings,
  ask: AskCompute,
): Promise<Told | undefined> {
  const contexts = new Set([settings.nCtx, model.shape.n_ctx_train]);
  const known: KnownShares[number][] = [];
  for (const nCtx of [...contexts].toSorted((a, b) => a - b)) {
    const bytes = await ask({ gpuLayers: 0, nCtx });
    if (bytes === null) return undefined;
    const estimate = predictMemory(model, { ...settings, nCtx, gpuLayers: 0 }, []);
    known.push({ nCtx, share: offBy(bytes, estimate) });
  }
  return { kind: "elsewhere", offBy: (nCtx) => shareAt(known, nCtx) };
}
