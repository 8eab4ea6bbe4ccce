/** One graph over contexts: few are laid out, those between follow from them, and so do those of models of one shape. */
import { getOrMake } from "../base/getOrMake.ts";
import { bufferPeaks, type BufferLimits, type MemoryLog } from "./graph/memoryLog.ts";
import type { GraphWeight } from "./graph/graphTensor.ts";

export interface Layout {
  /** Of the KV cache of layers that look back a window; 0 where none does. */
  readonly windowCells: number;
  /** Of a batch, and of a single token where that counts. */
  readonly logs: readonly MemoryLog[];
}

interface Known extends Layout {
  readonly nCtx: number;
}

/** A log with the sizes that it has at some context. */
interface Sized {
  readonly log: MemoryLog;
  readonly bytes: readonly number[];
}

/** In tokens, as llama.cpp pads contexts: to a multiple of 256. */
export interface ContextRange {
  readonly least: number;
  readonly most: number;
}

export class ContextLayouts {
  private readonly range: ContextRange;
  private readonly limits: readonly BufferLimits[];
  private readonly layOut: (nCtx: number) => Layout;
  /** By context. */
  private readonly layouts: Known[] = [];
  /** Where no weights are copied: the same for all models of the shape. */
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

  /** @param nCtx as llama.cpp pads it: a multiple of 256 */
  at(nCtx: number): readonly Sized[] {
    const [first] = this.layouts;
    // Where a second context is asked for, more will be.
    if (first !== undefined && first.nCtx !== nCtx)
      this.sized(nCtx < first.nCtx ? this.range.least : this.range.most);
    return this.sized(nCtx);
  }

  /**
   * Bytes of each buffer.
   *
   * @param nCtx as llama.cpp pads it: a multiple of 256
   * @param copyBytes of the model's own weights
   */
  peaksAt(nCtx: number, copyBytes: CopyBytes): readonly number[] {
    const known = this.peaks.get(nCtx);
    if (known !== undefined) return known;
    const sized = this.at(nCtx);
    const peaks = largest(
      sized.map((one) => bufferPeaks(one.log, this.limits, withCopies(one, copyBytes))),
    );
    if (sized.every(({ log }) => log.copies.length === 0)) this.peaks.set(nCtx, peaks);
    return peaks;
  }

  private sized(nCtx: number): readonly Sized[] {
    const index = this.layouts.findIndex((layout) => layout.nCtx >= nCtx);
    const [below, above] = index === -1 ? [] : [this.layouts[index - 1], this.layouts[index]];
    if (above?.nCtx === nCtx) return asLogged(above);
    if (below !== undefined && above !== undefined && areAlike(below, above))
      return between(below, above, nCtx);
    const layout = { ...this.layOut(nCtx), nCtx };
    this.layouts.splice(index === -1 ? this.layouts.length : index, 0, layout);
    return asLogged(layout);
  }
}

function asLogged({ logs }: Layout): Sized[] {
  return logs.map((log) => ({ log, bytes: log.bytes }));
}

/**
 * A tensor's size is a line over contexts, and what becomes of its memory doesn't depend on its size: where it is the same
 * at two contexts, it is the same between.
 */
function between(below: Known, above: Known, nCtx: number): Sized[] {
  const share = (nCtx - below.nCtx) / (above.nCtx - below.nCtx);
  return below.logs.map((log, i) => {
    const high = above.logs[i]?.bytes ?? [];
    const bytes = log.bytes.map((low, row) => Math.round(low + share * ((high[row] ?? low) - low)));
    return { log, bytes };
  });
}

function areAlike(a: Known, b: Known): boolean {
  return (
    a.windowCells === b.windowCells &&
    a.logs.every((log, index) => b.logs[index]?.isLike(log) === true)
  );
}

/** Bytes that a weight's copy takes in a buffer. */
export type CopyBytes = (weight: GraphWeight, buffer: number) => number;

function withCopies({ log, bytes }: Sized, copyBytes: CopyBytes): readonly number[] {
  if (log.copies.length === 0) return bytes;
  const own = [...bytes];
  for (const { weight, buffer, row } of log.copies) own[row] = copyBytes(weight, buffer);
  return own;
}

/** One model's sizes in layouts of its shape. */
export class ModelLayouts {
  private readonly layouts: ContextLayouts;
  private readonly copyBytes: CopyBytes;
  private readonly peaks = new Map<number, readonly number[]>();

  constructor(layouts: ContextLayouts, copyBytes: CopyBytes) {
    this.layouts = layouts;
    this.copyBytes = copyBytes;
  }

  /** As `ContextLayouts.peaksAt`. */
  at(nCtx: number): readonly number[] {
    return getOrMake(this.peaks, nCtx, () => this.layouts.peaksAt(nCtx, this.copyBytes));
  }
}

/** llama.cpp keeps the larger buffer of each place. */
function largest(peaks: readonly number[][]): number[] {
  const [first = [], ...others] = peaks;
  return first.map((bytes, buffer) =>
    others.reduce((most, other) => Math.max(most, other[buffer] ?? 0), bytes),
  );
}
