/** One graph over contexts: few are laid out, those between follow from them. */
import { bufferPeaks, type BufferLimits, type MemoryLog } from "./graph/memoryLog.ts";

export interface Layout {
  /** Of the KV cache of layers that look back a window; 0 where none does. */
  readonly windowCells: number;
  /** Of a batch, and of a single token where that counts. */
  readonly logs: readonly MemoryLog[];
}

interface Known extends Layout {
  readonly nCtx: number;
}

/** In tokens, as llama.cpp pads contexts: to a multiple of 256. */
export interface ContextRange {
  readonly least: number;
  readonly most: number;
}

export class ContextLayouts {
  private readonly range: ContextRange;
  private readonly layOut: (nCtx: number) => Layout;
  private readonly limits: readonly BufferLimits[];
  /** By context. */
  private readonly layouts: Known[] = [];
  private readonly peaks = new Map<number, readonly number[]>();

  /** @param range of the contexts that will be asked for, but for a few */
  constructor(
    range: ContextRange,
    limits: readonly BufferLimits[],
    layOut: (nCtx: number) => Layout,
  ) {
    this.range = range;
    this.limits = limits;
    this.layOut = layOut;
  }

  /**
   * Bytes of each buffer.
   *
   * @param nCtx as llama.cpp pads it: a multiple of 256
   */
  at(nCtx: number): readonly number[] {
    const known = this.peaks.get(nCtx);
    if (known !== undefined) return known;
    // Where a second context is asked for, more will be.
    const [first] = this.layouts;
    if (first !== undefined) this.peaksOf(nCtx < first.nCtx ? this.range.least : this.range.most);
    return this.peaksOf(nCtx);
  }

  private peaksOf(nCtx: number): readonly number[] {
    const known = this.peaks.get(nCtx);
    if (known !== undefined) return known;
    const peaks = this.between(nCtx) ?? this.add(nCtx);
    this.peaks.set(nCtx, peaks);
    return peaks;
  }

  /**
   * A tensor's size is a line over contexts, and what becomes of its memory doesn't depend on its size: where it is the
   * same at two contexts, it is the same between.
   */
  private between(nCtx: number): number[] | null {
    const index = this.indexOf(nCtx);
    const [below, above] = [this.layouts[index - 1], this.layouts[index]];
    if (below === undefined || above === undefined || !areAlike(below, above)) return null;
    const share = (nCtx - below.nCtx) / (above.nCtx - below.nCtx);
    return largest(
      below.logs.map((log, i) => {
        const high = above.logs[i] ?? log;
        const bytes = log.bytes.map((low, row) =>
          Math.round(low + share * ((high.bytes[row] ?? low) - low)),
        );
        return bufferPeaks(log, this.limits, bytes);
      }),
    );
  }

  private add(nCtx: number): number[] {
    const layout = this.layOut(nCtx);
    this.layouts.splice(this.indexOf(nCtx), 0, { ...layout, nCtx });
    return largest(layout.logs.map((log) => bufferPeaks(log, this.limits)));
  }

  /** Of the first layout that isn't of a smaller context. */
  private indexOf(nCtx: number): number {
    const found = this.layouts.findIndex((layout) => layout.nCtx >= nCtx);
    return found === -1 ? this.layouts.length : found;
  }
}

function areAlike(a: Known, b: Known): boolean {
  return (
    a.windowCells === b.windowCells &&
    a.logs.every((log, index) => b.logs[index]?.isLike(log) === true)
  );
}

/** llama.cpp keeps the larger buffer of each place. */
function largest(peaks: readonly number[][]): number[] {
  const [first = [], ...others] = peaks;
  return first.map((bytes, buffer) =>
    others.reduce((most, other) => Math.max(most, other[buffer] ?? 0), bytes),
  );
}
