/** Weights of layers that follow each other: placements ask for them again and again, each cut at another layer. */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import type { LayerRun } from "./layerPlacement.ts";
import {
  mergeSpans,
  type IsCopied,
  type Padding,
  type Span,
  type WeightGroup,
} from "./weightGroups.ts";

type Layers = Pick<LayerRun, "start" | "end">;

export class LayerWeights {
  /** By layer. */
  private readonly groups: readonly (readonly WeightGroup[])[];
  /** Sums over the layers before each. */
  private readonly allocated = new Map<string, readonly number[]>();
  private readonly copied = new WeakMap<IsCopied, readonly number[]>();
  private readonly before = new WeakMap<IsCopied, readonly (readonly Span[])[]>();
  private readonly behind = new WeakMap<IsCopied, readonly (readonly Span[])[]>();

  constructor(groups: readonly WeightGroup[]) {
    const byLayer: WeightGroup[][] = [];
    for (const group of groups) (byLayer[group.layer] ??= []).push(group);
    // Without holes: a layer may have none.
    this.groups = Array.from(byLayer, (own: WeightGroup[] | undefined) => own ?? []);
  }

  allocatedBytes(layers: Layers, padding: Padding): number {
    const key = `${padding.alignment} ${padding.rowPadding}`;
    const sums = getOrMake(this.allocated, key, () =>
      this.sums((group) => group.allocatedBytes(padding)),
    );
    return between(sums, layers);
  }

  copiedBytes(layers: Layers, isCopied: IsCopied, alignment: number): number {
    const sums = getOrMake(this.copied, isCopied, () =>
      this.sums((group) => group.copiedBytes(isCopied, alignment)),
    );
    return between(sums, layers);
  }

  /** As `WeightGroup.spans`. */
  spans({ start, end }: Layers, isCopied: IsCopied): readonly Span[] {
    const { groups } = this;
    const last = Math.min(end, groups.length);
    if (start === 0) {
      const before = getOrMake(this.before, isCopied, () => spansBefore(groups, isCopied));
      return before[last] ?? [];
    }
    if (last === groups.length) {
      const behind = getOrMake(this.behind, isCopied, () =>
        spansBefore(groups.toReversed(), isCopied).toReversed(),
      );
      return behind[start] ?? [];
    }
    return mergeSpans(groups.slice(start, last).map((own) => spansOf(own, isCopied)));
  }

  private sums(bytesOf: (group: WeightGroup) => number): number[] {
    const sums = [0];
    let sum = 0;
    for (const own of this.groups) {
      sum += sumOf(own, bytesOf);
      sums.push(sum);
    }
    return sums;
  }
}

function spansBefore(
  groups: readonly (readonly WeightGroup[])[],
  isCopied: IsCopied,
): (readonly Span[])[] {
  let all: readonly Span[] = [];
  return [all, ...groups.map((own) => (all = mergeSpans([all, spansOf(own, isCopied)])))];
}

function spansOf(groups: readonly WeightGroup[], isCopied: IsCopied): Span[] {
  return mergeSpans(groups.map((group) => group.spans(isCopied)));
}

function between(sums: readonly number[], { start, end }: Layers): number {
  const last = sums.length - 1;
  return (sums[Math.min(end, last)] ?? 0) - (sums[Math.min(start, last)] ?? 0);
}
