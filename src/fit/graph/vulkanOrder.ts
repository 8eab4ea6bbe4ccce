/**
 * The order in which the Vulkan backend computes a split: what doesn't depend on each other comes together, and what its
 * kernels fuse stays together (ggml_vk_graph_optimize, ggml/src/ggml-vulkan/ggml-vulkan.cpp, v0.4.0). It decides which
 * results are alive at the same time.
 */
import type { GraphOp, GraphTensor } from "./graphTensor.ts";

/** How far ahead it looks. */
const reach = 20;
const ropeReach = 15;
const storeReach = 10;

export function vulkanOrder(nodes: readonly GraphTensor[]): GraphTensor[] {
  return new Reordering(nodes).run();
}

class Reordering {
  private readonly nodes: readonly GraphTensor[];
  private readonly used: boolean[];
  private readonly ordered: GraphTensor[] = [];
  private readonly placed = new Set<GraphTensor>();
  private first = 0;

  constructor(nodes: readonly GraphTensor[]) {
    this.nodes = nodes;
    this.used = nodes.map(() => false);
  }

  run(): GraphTensor[] {
    while (this.first < this.nodes.length) {
      if (this.keepTogether()) continue;
      const batch = [this.first];
      this.takeComputed(batch);
      if (this.node(batch.at(-1)).op !== "add") this.takeViews(batch);
      this.place(batch);
    }
    return this.ordered;
  }

  private place(batch: readonly number[]): void {
    for (const index of batch) {
      this.ordered.push(this.node(index));
      this.placed.add(this.node(index));
      this.used[index] = true;
    }
    while (this.used[this.first] === true) this.first += 1;
  }

  /** How a router chooses is one kernel. */
  private keepTogether(): boolean {
    const kept = routings.find((ops) => this.begins(ops, this.first));
    if (kept === undefined) return false;
    this.place(kept.map((_, index) => this.first + index));
    return true;
  }

  private begins(ops: readonly GraphOp[], start: number): boolean {
    for (let at = 0; at < ops.length; at++) {
      if (this.nodes[start + at]?.op !== ops[at] || this.used[start + at] === true) return false;
    }
    return true;
  }

  private node(index: number | undefined): GraphTensor {
    const node = this.nodes[index ?? -1];
    if (node === undefined) throw new RangeError(`no node ${index}`);
    return node;
  }

  /** Behind the last node that it looks at. */
  private get end(): number {
    return Math.min(this.first + reach, this.nodes.length);
  }

  private takeComputed(batch: number[]): void {
    for (let index = this.first + 1; index < this.end; index++) {
      if (this.used[index] === true || this.node(index).op === "view") continue;
      if (routings.some((ops) => this.begins(ops, index)) || this.waits(index, batch)) continue;
      batch.push(index);
      this.takeRopeAndStore(index, batch);
      this.takeWeighted(index, batch);
      this.takeSecondSum(index, batch);
      this.takeActivation(index, batch);
    }
  }

  /** Whether it depends on something that is not computed yet, but for what it is fused with. */
  private waits(index: number, batch: readonly number[]): boolean {
    const node = this.node(index);
    for (let before = this.first; before < index; before++) {
      if (this.used[before] === true || !depends(node, this.node(before))) continue;
      const adjoins = index === before + 1 && before === batch.at(-1);
      if (!(adjoins && fuses(this.node(before), node))) return true;
    }
    return false;
  }

  private takeViews(batch: number[]): void {
    const taken = new Set(batch);
    for (let index = this.first + 1; index < this.end; index++) {
      const node = this.node(index);
      if (this.used[index] === true || node.op !== "view") continue;
      let waits = false;
      for (let before = this.first; before < index && !waits; before++) {
        const done = this.used[before] === true || taken.has(before);
        waits = !done && depends(node, this.node(before));
      }
      if (waits) continue;
      batch.push(index);
      taken.add(index);
    }
  }

  /** A norm's rope comes with it, a rope's way into the KV cache too. */
  private takeRopeAndStore(index: number, batch: number[]): void {
    let at = index;
    if (this.node(index).op === "mul" && this.nodes[index - 1]?.op === "rms_norm") {
      const rope = this.find(index, ropeReach, ({ op, sources }) => {
        const [first, ...others] = sources;
        return op === "rope" && first === this.node(index) && others.every((o) => o.op === "none");
      });
      if (rope !== -1) {
        this.take(rope, batch);
        at = rope;
      }
    }
    if (this.node(at).op !== "rope") return;
    const shown = this.find(
      at,
      storeReach,
      ({ op, sources }) => op === "view" && sources[0] === this.node(at),
    );
    if (shown === -1) return;
    const store = this.find(
      shown,
      storeReach - (shown - at),
      ({ op, sources }) => op === "set_rows" && sources[0] === this.node(shown),
    );
    if (store === -1) return;
    this.take(shown, batch);
    this.take(store, batch);
  }

  private takeSecondSum(index: number, batch: number[]): void {
    if (this.follows(index, "mul_mat", "add")) this.takeNext(index, "add", batch);
  }

  /** Experts' biases come with their weights. */
  private takeWeighted(index: number, batch: number[]): void {
    if (this.follows(index, "mul_mat_id", "add_id")) this.takeNext(index, "mul", batch);
  }

  private takeActivation(index: number, batch: number[]): void {
    if (!this.follows(index, "ssm_conv", "add")) return;
    const node = this.node(index);
    const next = this.find(
      index,
      ropeReach,
      ({ op, sources: [first] }) => op === "unary" && first === node,
    );
    if (next !== -1) this.take(next, batch);
  }

  private follows(index: number, before: GraphOp, here: GraphOp): boolean {
    return this.nodes[index]?.op === here && this.nodes[index - 1]?.op === before;
  }

  /** What goes on with it, if all else that it reads is there. */
  private takeNext(index: number, wanted: GraphOp, batch: number[]): void {
    const node = this.node(index);
    const next = this.find(index, ropeReach, ({ op, sources: [first, second] }) => {
      const ready = second !== undefined && (second.op === "none" || this.placed.has(second));
      return op === wanted && first === node && ready;
    });
    if (next !== -1) this.take(next, batch);
  }

  private find(from: number, within: number, is: (node: GraphTensor) => boolean): number {
    const end = Math.min(from + within, this.nodes.length);
    for (let index = from + 1; index < end; index++) if (is(this.node(index))) return index;
    return -1;
  }

  private take(index: number, batch: number[]): void {
    batch.push(index);
    this.used[index] = true;
  }
}

/** Operations that follow each other in one kernel. */
const fused: Readonly<Partial<Record<GraphOp, readonly GraphOp[]>>> = {
  rms_norm: ["mul"],
  mul_mat: ["add"],
  mul_mat_id: ["add_id", "mul"],
  add: ["add"],
  ssm_conv: ["add", "unary"],
};

function fuses({ op: first }: GraphTensor, { op: second }: GraphTensor): boolean {
  return fused[first]?.includes(second) === true;
}

const normedShares: readonly GraphOp[] = ["view", "sum_rows", "clamp", "div", "view"];

/** What stays in its order, the longest first (topk_moe_*). */
const routings: readonly (readonly GraphOp[])[] = [
  ["soft_max", "view", "argsort", "view", "get_rows", ...normedShares],
  ["unary", "view", "add", "argsort", "view", "get_rows", ...normedShares],
  ["soft_max", "view", "argsort", "view", "get_rows"],
  ["argsort", "view", "get_rows", "view", "soft_max", "view"],
];

const baseOf = (tensor: GraphTensor) => tensor.viewOf ?? tensor;

/** Reads it, or reads or writes the same memory. */
function depends(later: GraphTensor, earlier: GraphTensor): boolean {
  const base = baseOf(later);
  const before = baseOf(earlier);
  if (base === before || later.sources.includes(earlier)) return true;
  if (later.op === "view" || earlier.op === "view") return false;
  return reads(later, before) || reads(earlier, base);
}

function reads({ sources }: GraphTensor, base: GraphTensor): boolean {
  for (let at = 0; at < sources.length; at++) {
    if (baseOf(sources[at] as GraphTensor) === base) return true;
  }
  return false;
}
