/** One graph over contexts: few are laid out, those between follow from them, and so do those of models of one shape. */
import { getOrMake } from "../base/getOrMake.ts";
import { bufferPeaks, type BufferLimits, type MemoryLog, type Sizes } from "./graph/memoryLog.ts";
import type { GraphWeight } from "./graph/graphTensor.ts";

export interface Layout {
  /** Of what grows with the context up to a bound: a window's cache, tokens that an indexer chooses. */
  readonly boundedCells: number;
  /** Of a batch, and of a single token where that counts. */
  readonly logs: readonly MemoryLog[];
}

interface Known extends Layout {
  readonly nCtx: number;
  /** With each of those at a larger context that was asked about: null where what happens differs. */
  readonly lines: Map<Known, readonly Line[] | null>;
}

/** A log with the sizes that it has at some context. */
interface Sized {
  readonly log: MemoryLog;
  readonly bytes: Sizes;
}

/** A log's sizes from one context to another: only those of some rows change. */
interface Line {
  readonly log: MemoryLog;
  readonly low: Float64Array;
  readonly rows: readonly number[];
  /** Of these rows, by how much. */
  readonly more: readonly number[];
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
   * @param copies of the model's own weights
   */
  peaksAt(nCtx: number, copies: CopySizes): readonly number[] {
    const known = this.peaks.get(nCtx);
    if (known !== undefined) return known;
    const sized = this.at(nCtx);
    const peaks = largest(
      sized.map((one) => bufferPeaks(one.log, this.limits, withCopies(one, copies))),
    );
    if (sized.every(({ log }) => log.copies.length === 0)) this.peaks.set(nCtx, peaks);
    return peaks;
  }

  private sized(nCtx: number): readonly Sized[] {
    const index = this.layouts.findIndex((layout) => layout.nCtx >= nCtx);
    const [below, above] = index === -1 ? [] : [this.layouts[index - 1], this.layouts[index]];
    if (above?.nCtx === nCtx) return asLogged(above);
    const lines = below === undefined || above === undefined ? null : linesOf(below, above);
    if (below !== undefined && above !== undefined && lines !== null)
      return between(lines, (nCtx - below.nCtx) / (above.nCtx - below.nCtx));
    const layout: Known = { ...this.layOut(nCtx), nCtx, lines: new Map() };
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
function linesOf(below: Known, above: Known): readonly Line[] | null {
  const known = below.lines.get(above);
  if (known !== undefined) return known;
  const lines = areAlike(below, above)
    ? below.logs.map((log, index) => lineOf(log, above.logs[index]?.bytes ?? []))
    : null;
  below.lines.set(above, lines);
  return lines;
}

function lineOf(log: MemoryLog, high: readonly number[]): Line {
  const rows: number[] = [];
  const more: number[] = [];
  for (let row = 0; row < high.length; row++) {
    const grows = (high[row] ?? 0) - (log.bytes[row] ?? 0);
    if (grows === 0) continue;
    rows.push(row);
    more.push(grows);
  }
  return { log, low: new Float64Array(log.bytes), rows, more };
}

/** @param share of the way from the smaller context to the larger one */
function between(lines: readonly Line[], share: number): Sized[] {
  return lines.map(({ log, low, rows, more }) => {
    const bytes = low.slice();
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] ?? 0;
      bytes[row] = Math.round((low[row] ?? 0) + share * (more[at] ?? 0));
    }
    return { log, bytes };
  });
}

function areAlike(a: Known, b: Known): boolean {
  return (
    a.boundedCells === b.boundedCells &&
    a.logs.every((log, index) => b.logs[index]?.isLike(log) === true)
  );
}

/** Bytes that a weight's copy takes in a buffer. */
export type CopyBytes = (weight: GraphWeight, buffer: number) => number;

/** Of each copy that a log takes, in its order. */
type CopySizes = (log: MemoryLog) => readonly number[];

function withCopies({ log, bytes }: Sized, copies: CopySizes): Sizes {
  if (log.copies.length === 0) return bytes;
  const sizes = copies(log);
  const own = new Float64Array(bytes);
  for (let at = 0; at < sizes.length; at++) own[log.copies[at]?.row ?? -1] = sizes[at] ?? 0;
  return own;
}

/** One model's sizes in layouts of its shape. */
export class ModelLayouts {
  private readonly layouts: ContextLayouts;
  private readonly peaks = new Map<number, readonly number[]>();
  private readonly copies: CopySizes;

  constructor(layouts: ContextLayouts, copyBytes: CopyBytes) {
    this.layouts = layouts;
    // Contexts differ in no weight.
    const known = new Map<MemoryLog, readonly number[]>();
    this.copies = (log) =>
      getOrMake(known, log, () => log.copies.map((one) => copyBytes(one.weight, one.buffer)));
  }

  /** As `ContextLayouts.peaksAt`. */
  at(nCtx: number): readonly number[] {
    return getOrMake(this.peaks, nCtx, () => this.layouts.peaksAt(nCtx, this.copies));
  }
}

/** llama.cpp keeps the larger buffer of each place. */
function largest(peaks: readonly number[][]): number[] {
  const [first = [], ...others] = peaks;
  return first.map((bytes, buffer) =>
    others.reduce((most, other) => Math.max(most, other[buffer] ?? 0), bytes),
  );
}
