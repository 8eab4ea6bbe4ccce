/** What is known of compute buffers: laid out, told by llama.cpp, or estimated within a band. */
import { AskedCompute, type ComputeByPlace, type PlacementQuestion } from "./askedCompute.ts";
import type { ComputeBand } from "./computeBand.ts";
import type { MemoryBasis } from "./memoryBasis.ts";
import { withComputeBytes, type MemoryPrediction } from "./predictMemory.ts";

/** Where in the band: all are one where nothing is estimated. */
export type Bound = "least" | "expected" | "most";

/** Other placements and contexts of a model that was asked about: its estimate is corrected by what was off. */
const corrected: ComputeBand = { least: 0.6, most: 1.6 };

export class ComputeKnowledge {
  private readonly band: ComputeBand | null;
  private readonly asked: AskedCompute;

  constructor(band: ComputeBand | null, asked: AskedCompute = new AskedCompute()) {
    this.band = band;
    this.asked = asked;
  }

  /** Whether one bound is as good as another. */
  get certain(): boolean {
    return this.band === null;
  }

  basisOf(question: PlacementQuestion): MemoryBasis {
    if (this.band === null) return "formula";
    return this.asked.has(question) ? "llama.cpp" : "estimate";
  }

  /** @param predict of any placement, by the graph that is laid out for it */
  at(
    question: PlacementQuestion,
    bound: Bound,
    predict: (question: PlacementQuestion) => MemoryPrediction,
  ): MemoryPrediction {
    const laidOut = predict(question);
    if (this.band === null) return laidOut;
    const told = this.asked.at(question);
    if (told !== null) return withComputeBytes(laidOut, (place) => told.get(place) ?? 0);
    const near = this.asked.nearest(question);
    const share =
      near === null
        ? shareOf(this.band, bound)
        : shareOf(corrected, bound) * offBy(near.bytes, predict(near));
    return withComputeBytes(laidOut, (_, bytes) => Math.round(share * bytes));
  }
}

function shareOf({ least, most }: ComputeBand, bound: Bound): number {
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

function offBy(told: ComputeByPlace, { computeBytes }: MemoryPrediction): number {
  const bytes = [...told.values()].reduce((sum, one) => sum + one, 0);
  return computeBytes === 0 ? 1 : bytes / computeBytes;
}
