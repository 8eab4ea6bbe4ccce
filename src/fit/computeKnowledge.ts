/** What is known of compute buffers: laid out, told by llama.cpp, or estimated within a band. */
import { AskedCompute, type ComputeByPlace, type PlacementQuestion } from "./askedCompute.ts";
import { corrected, type ComputeBand } from "./computeBand.ts";
import type { MemoryBasis } from "../bench/fit.ts";
import type { MemoryPrediction } from "./predictMemory.ts";
import { withComputeBytes } from "./withComputeBytes.ts";

/** Where in the band: all are one where nothing is estimated. */
export type Bound = "least" | "expected" | "most";

/** What llama.cpp told of a model whose graph llmbench doesn't lay out. */
export type Told =
  /** With this machine's own devices. */
  | { readonly kind: "here"; readonly answers: AskedCompute }
  /** Without any, for a machine that is only described: by how much the estimate was off, with the context's tokens. */
  | { readonly kind: "elsewhere"; readonly offBy: (nCtx: number) => number };

export class ComputeKnowledge {
  private readonly band: ComputeBand | null;
  private readonly told: Told | undefined;

  constructor(band: ComputeBand | null, told?: Told) {
    this.band = band;
    this.told = told;
  }

  /** Whether one bound is as good as another. */
  get certain(): boolean {
    return this.band === null;
  }

  basisOf(question: PlacementQuestion): MemoryBasis {
    if (this.band === null) return "formula";
    const { told } = this;
    return told?.kind === "here" && told.answers.has(question) ? "llama.cpp" : "estimate";
  }

  /** @param predict of any placement, by the graph that is laid out for it */
  at(
    question: PlacementQuestion,
    bound: Bound,
    predict: (question: PlacementQuestion) => MemoryPrediction,
  ): MemoryPrediction {
    const laidOut = predict(question);
    const { band, told } = this;
    if (band === null) return laidOut;
    if (told === undefined) return scaled(laidOut, shareOf(band, bound));
    const share = shareOf(corrected, bound);
    switch (told.kind) {
      case "here": {
        const exact = told.answers.at(question);
        if (exact !== null) return withComputeBytes(laidOut, (place) => exact.get(place) ?? 0);
        const near = told.answers.nearest(question);
        return near === null
          ? scaled(laidOut, shareOf(band, bound))
          : scaled(laidOut, share * offBy(near.bytes, predict(near)));
      }
      case "elsewhere":
        return scaled(laidOut, share * told.offBy(question.nCtx));
      default:
        return told satisfies never;
    }
  }
}

function scaled(prediction: MemoryPrediction, share: number): MemoryPrediction {
  return withComputeBytes(prediction, (_, bytes) => Math.round(share * bytes));
}

function shareOf({ least, most }: Pick<ComputeBand, "least" | "most">, bound: Bound): number {
  switch (bound) {
    case "least":
      return least;
    case "expected":
      return 1;
    case "most":
      return most;
    default:
      return bound satisfies never;
  }
}

/** How many times as large as the estimate the buffers are, all places together. */
export function offBy(told: ComputeByPlace, { computeBytes }: MemoryPrediction): number {
  const bytes = [...told.values()].reduce((sum, one) => sum + one, 0);
  return computeBytes === 0 ? 1 : bytes / computeBytes;
}
