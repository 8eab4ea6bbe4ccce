/** Compute buffers that llama.cpp told of single placements of one model, and what follows for contexts between. */
import { getOrMake } from "../base/getOrMake.ts";

/** Bytes by device's name, `host` for the host. */
export type ComputeByPlace = ReadonlyMap<string, number>;

export interface PlacementQuestion {
  /** On devices, counted from the end. */
  readonly gpuLayers: number;
  /** Tokens, as asked for: a batch is no larger. */
  readonly nCtx: number;
}

interface Answer {
  readonly nCtx: number;
  readonly bytes: ComputeByPlace;
}

export class AskedCompute {
  /** By number of layers on devices, in the order of contexts. */
  private readonly answers = new Map<number, Answer[]>();

  add({ gpuLayers, nCtx }: PlacementQuestion, bytes: ComputeByPlace): void {
    const known = getOrMake(this.answers, gpuLayers, () => []);
    known.push({ nCtx, bytes });
    known.sort((a, b) => a.nCtx - b.nCtx);
  }

  has({ gpuLayers, nCtx }: PlacementQuestion): boolean {
    return this.answers.get(gpuLayers)?.some((answer) => answer.nCtx === nCtx) === true;
  }

  /** Buffers grow with the context in a line, or nearly: between two that were asked, on it. */
  at({ gpuLayers, nCtx }: PlacementQuestion): ComputeByPlace | null {
    const known = this.answers.get(gpuLayers) ?? [];
    const above = known.find((answer) => answer.nCtx >= nCtx);
    const below = known.findLast((answer) => answer.nCtx <= nCtx);
    if (above === undefined || below === undefined) return null;
    if (above === below) return above.bytes;
    const share = (nCtx - below.nCtx) / (above.nCtx - below.nCtx);
    return new Map(
      [...above.bytes].map(([place, high]) => {
        const low = below.bytes.get(place) ?? 0;
        return [place, Math.round(low + share * (high - low))];
      }),
    );
  }

  /** The answer to a question like this one, to learn by how much estimates are off. */
  nearest(question: PlacementQuestion): (PlacementQuestion & Pick<Answer, "bytes">) | null {
    const all = [...this.answers].flatMap(([gpuLayers, known]) =>
      known.map((answer) => ({ gpuLayers, ...answer })),
    );
    const distance = ({ gpuLayers, nCtx }: PlacementQuestion) =>
      Math.abs(gpuLayers - question.gpuLayers) + Math.abs(Math.log2(nCtx / question.nCtx));
    return all.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
  }
}
