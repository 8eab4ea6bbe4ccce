/** Does it fit? A verdict stands where it holds over the whole band of what isn't known exactly. */
import { formatBytes } from "../base/bytes.ts";
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import { boundFit, boundVerdict, type BoundVerdict, type CertainFit } from "./boundVerdict.ts";
import { ComputeKnowledge, type Told } from "./computeKnowledge.ts";
import { FitTrial } from "./fitTrial.ts";
import type { HostTraits } from "./hostTraits.ts";
import type { MemoryBasis } from "../bench/fit.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { FitSettings } from "./memorySettings.ts";

/** `unknown`: the band of what is only estimated holds more than one of the others. */
export type Fit = CertainFit | "unknown";

/** Of what is only estimated. */
export interface FitBand {
  /** With the least that it may take. */
  readonly best: CertainFit;
  /** With the most. */
  readonly worst: CertainFit;
  /** At the place that decides. */
  readonly leastBytes: number;
  readonly mostBytes: number;
}

/** Where the fit is unknown, all else is of the most that it may take: that placement surely is within the budget. */
export type FitVerdict = Omit<BoundVerdict, "fit"> & {
  readonly memoryBasis: MemoryBasis;
} & (
    | { readonly fit: CertainFit; readonly band: FitBand | null }
    | { readonly fit: "unknown"; readonly band: FitBand }
  );

export interface JudgeOptions {
  readonly host?: HostTraits | undefined;
  /**
   * `exact` lays out every layer; `sampled` is ten times as fast, and with layers on the host one compute buffer in
   * a hundred is off by more than 2%.
   */
  readonly detail?: "exact" | "sampled";
  /** What llama.cpp told of a model whose graph llmbench doesn't lay out. */
  readonly told?: Told | undefined;
}

export function judgeFit(
  model: MemoryModel,
  settings: FitSettings,
  budget: MemoryBudget,
  { host, detail = "exact", told }: JudgeOptions = {},
): FitVerdict {
  const compute = new ComputeKnowledge(model.computeBand, told);
  const options = { host, detail, compute };
  if (compute.certain) {
    const verdict = boundVerdict(model, settings, budget, options);
    return { ...verdict, memoryBasis: "formula", band: null };
  }
  const best = boundFit(model, settings, budget, { ...options, bound: "least" });
  const worst = boundVerdict(model, settings, budget, { ...options, bound: "most" });
  const question = { gpuLayers: worst.nGpuLayers, nCtx: settings.nCtx };
  const memoryBasis = compute.basisOf(question);
  const expected = new FitTrial(model, settings, budget, { ...options, bound: "expected" }).at(
    worst.nGpuLayers,
    detail,
  );
  const verdict = { ...worst, prediction: expected.prediction, memoryBasis };
  const band = bandOf(best, worst);
  if (best.fit !== worst.fit) {
    return { ...verdict, fit: "unknown", band, why: unknownWords(band, worst) };
  }
  const sure = band.leastBytes === band.mostBytes;
  return { ...verdict, fit: worst.fit, band: sure ? null : band };
}

/** Whether something runs whatever the truth in the band is. */
export function surelyRuns({ fit, band }: Pick<FitVerdict, "fit" | "band">): boolean {
  return fit !== "none" && band?.worst !== "none";
}

/** At one place, where both verdicts speak of the same; else of each its own. */
function bandOf(best: Pick<BoundVerdict, "fit" | "neededBytes">, worst: BoundVerdict): FitBand {
  return {
    best: best.fit,
    worst: worst.fit,
    leastBytes: Math.min(best.neededBytes, worst.neededBytes),
    mostBytes: worst.neededBytes,
  };
}

function unknownWords(
  { best, worst, leastBytes, mostBytes }: FitBand,
  { budgetBytes, place }: BoundVerdict,
): string {
  const sizes = `${formatBytes(leastBytes)} to ${formatBytes(mostBytes)} of ${formatBytes(budgetBytes)} on ${place}`;
  return `${best} at best, ${worst} at worst, by an estimate: ${sizes}`;
}
