/**
 * Decides where each operation of a graph runs, and which tensors must be copied there: ggml's scheduler
 * (ggml_backend_sched_split_graph, ggml/src/ggml-backend.cpp, v0.4.0), as far as it decides about memory.
 *
 * A table of fits schedules half a million tensors before V8 compiles what does it, and until then an iterator or a closure
 * for each of them takes more than the work: loops go by index here, as in the rest of this folder.
 */
import { ggmlTypes, type GgmlTypeName } from "../../gguf/ggmlTypes.ts";
import type { AttentionHeads } from "../attentionHeads.ts";
import type { ScheduledGraph } from "./allocateGraph.ts";
import { graphTensor, type Graph, type GraphTensor } from "./graphTensor.ts";

export interface Backend {
  /** Operands and results larger than this are not for it. */
  readonly maxTensorBytes: number;
  /** Multiplies with quantized matrices whose rows lie apart, as a quantized K cache has them. */
  readonly multipliesStrided: boolean;
  /** Whether it has operations that mix residual streams. */
  readonly mixesStreams: boolean;
  /** Whether it has a kernel for caches of these types. */
  readonly flashAttends: (
    heads: AttentionHeads,
    typeK: GgmlTypeName,
    typeV: GgmlTypeName,
  ) => boolean;
  /** Whether it takes over an operation on weights in host memory. */
  readonly offloads: (tensor: GraphTensor) => boolean;
  /** The order in which it computes, where it is not the graph's. */
  readonly order: ((nodes: readonly GraphTensor[]) => GraphTensor[]) | null;
}

export interface Schedule {
  /** Devices first, the host last. */
  readonly backends: readonly Backend[];
  /** Copies of each input, so that batches overlap: 4 where several devices share all layers, else 1. */
  readonly copies: number;
}

/** Returns the graph in the order of allocation, with `backend` set and sources rewired to copies. */
export function scheduleGraph(graph: Graph, schedule: Schedule): ScheduledGraph {
  const scheduler = new Scheduler(graph, schedule);
  scheduler.assign();
  return scheduler.split();
}

class Scheduler {
  private readonly graph: Graph;
  private readonly backends: readonly Backend[];
  private readonly copies: number;
  private readonly host: number;
  private readonly duplicates = new Map<GraphTensor, (GraphTensor[] | undefined)[]>();

  constructor(graph: Graph, { backends, copies }: Schedule) {
    this.graph = graph;
    this.backends = backends;
    this.copies = copies;
    this.host = backends.length - 1;
  }

  assign(): void {
    const { nodes, leaves } = this.graph;
    this.assignByMemory(leaves);
    this.assignByMemory(nodes);
    const computed = nodes.filter(({ op }) => op !== "view");
    const backwards = computed.toReversed();
    // Devices spread over their neighbours first; the host takes what is left.
    this.spread(computed, false);
    this.spread(backwards, false);
    this.spread(computed, true);
    this.spread(backwards, true);
    for (let at = 0; at < computed.length; at++) {
      const node = computed[at] as GraphTensor;
      if (node.backend === -1) node.backend = this.bySources(node);
    }
    for (let at = 0; at < nodes.length; at++) this.assignRest(nodes[at] as GraphTensor);
  }

  private assignByMemory(tensors: readonly GraphTensor[]): void {
    for (let at = 0; at < tensors.length; at++) {
      const tensor = tensors[at] as GraphTensor;
      if (tensor.backend === -1) tensor.backend = this.byMemory(tensor);
    }
  }

  private assignRest(node: GraphTensor): void {
    const { sources, viewOf } = node;
    if (node.backend === -1 && viewOf !== null) node.backend = viewOf.backend;
    for (let at = 0; at < sources.length; at++) {
      const source = sources[at] as GraphTensor;
      if (source.backend === -1) source.backend = source.viewOf?.backend ?? node.backend;
    }
    if (node.backend === -1) {
      node.backend = this.backends.findIndex((_, backend) => this.computes(backend, node));
    }
  }

  split(): ScheduledGraph {
    const all = this.graph.nodes;
    const nodes: GraphTensor[] = [];
    const copyLeaves: GraphTensor[] = [];
    let split: Split = { backend: -1, start: 0, inputs: [], capacity: splitInputs };
    const close = (end: number) => {
      for (const input of split.inputs) {
        nodes.push(dependency(input), this.copyOf(input, split.backend));
      }
      const computed = all.slice(split.start, end);
      const ordered = this.backends[split.backend]?.order?.(computed) ?? computed;
      for (let at = 0; at < ordered.length; at++) nodes.push(ordered[at] as GraphTensor);
    };
    for (let index = 0; index < all.length; index++) {
      const node = all[index] as GraphTensor;
      if (node.op === "view") continue;
      if (split.backend === -1) split.backend = node.backend;
      if (node.backend !== split.backend || this.wantsNewSplit(node, split)) {
        close(index);
        split = { backend: node.backend, start: index, inputs: [], capacity: splitInputs };
      }
      const { sources, backend } = node;
      for (let at = 0; at < sources.length; at++) {
        const source = sources[at] as GraphTensor;
        if (source.input && this.copies > 1) this.duplicate(source, source.backend, copyLeaves);
        if (reaches(source, backend)) continue;
        if (this.duplicate(source, backend, copyLeaves)) {
          if (split.inputs.length >= split.capacity) split.capacity *= 2;
          split.inputs.push(source);
        }
        sources[at] = this.copyOf(source, backend);
      }
    }
    close(all.length);
    return { nodes, leaves: [...copyLeaves, ...this.graph.leaves] };
  }

  /** By where the tensor lies, or the weights that it is computed from. */
  private byMemory(tensor: GraphTensor): number {
    const home = tensor.viewOf?.home ?? tensor.home;
    if (home !== -1) return home;
    if (tensor.input) return this.host;
    // Rope factors are too small to choose a backend by.
    if (tensor.op === "rope" || tensor.op === "flash_attn") return -1;
    const weights = tensor.sources.find(({ weight }) => weight !== null);
    if (weights === undefined) return -1;
    if (weights.home !== this.host) return this.computes(weights.home, tensor) ? weights.home : -1;
    if (weights.weight?.repacked === true) return this.host;
    const offloading = this.backends.findIndex(
      (_, backend) => backend !== this.host && this.offloads(backend, tensor),
    );
    return offloading === -1 ? this.host : offloading;
  }

  private offloads(index: number, tensor: GraphTensor): boolean {
    return this.backends[index]?.offloads(tensor) === true && this.computes(index, tensor);
  }

  private computes(index: number, tensor: GraphTensor): boolean {
    const backend = this.backends[index];
    if (backend === undefined) return false;
    const { op, sources } = tensor;
    if (!backend.mixesStreams && op.startsWith("hc_")) return false;
    if (op === "mul_mat" && !backend.multipliesStrided) {
      const matrix = sources[0];
      if (matrix?.permuted === true && ggmlTypes[matrix.type].blockSize > 1) return false;
    }
    if (op === "flash_attn" && !attends(backend, tensor)) return false;
    const { maxTensorBytes: limit } = backend;
    if (limit === Infinity) return true;
    return tensor.bytes <= limit && sources.every((source) => source.bytes <= limit);
  }

  private spread(nodes: readonly GraphTensor[], fromHost: boolean): void {
    let current = -1;
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at] as GraphTensor;
      if (node.backend !== -1) {
        current = node.backend === this.host && !fromHost ? -1 : node.backend;
      } else if (current !== -1 && this.computes(current, node)) node.backend = current;
    }
  }

  /** The backend that reaches most of the sources. */
  private bySources(node: GraphTensor): number {
    const reached = this.backends.map((_, backend) =>
      this.computes(backend, node)
        ? node.sources.filter(
            (source) =>
              (source.backend !== -1 || (source.viewOf?.backend ?? -1) !== -1) &&
              reaches(source, backend),
          ).length
        : -1,
    );
    return reached.indexOf(Math.max(...reached));
  }

  /** So that copied weights make room for the next ones. */
  private wantsNewSplit({ backend, sources }: GraphTensor, { inputs, capacity }: Split): boolean {
    if (inputs.length === 0) return false;
    if (sources.some((source) => source.weight !== null && !reaches(source, backend))) return true;
    if (inputs.length < capacity) return false;
    return sources.some(
      (source) => !reaches(source, backend) && this.duplicates.get(source)?.[backend] === undefined,
    );
  }

  /** False where the copies are there already. */
  private duplicate(source: GraphTensor, backend: number, leaves: GraphTensor[]): boolean {
    const byBackend = this.duplicates.get(source) ?? [];
    this.duplicates.set(source, byBackend);
    if (byBackend[backend] !== undefined) return false;
    const made = Array.from({ length: this.copies }, (_, copy) => {
      if (copy === 0 && source.backend === backend) return source;
      const tensor = graphTensor("none", source.type, source.ne, [], {
        // A slice is copied with what lies between its rows.
        bytes: source.bytes,
        permuted: source.permuted,
        input: this.copies > 1,
        weight: source.weight,
      });
      tensor.backend = backend;
      return tensor;
    });
    byBackend[backend] = made;
    if (this.copies > 1) {
      for (const copy of made) copy.output = true;
      leaves.push(...made);
    }
    return true;
  }

  private copyOf(source: GraphTensor, backend: number): GraphTensor {
    return this.duplicates.get(source)?.[backend]?.[0] ?? source;
  }
}

function reaches(source: GraphTensor, backend: number): boolean {
  const base = source.viewOf ?? source;
  const at = base.home !== -1 ? base.home : source.backend !== -1 ? source.backend : base.backend;
  return at === backend;
}

function attends({ flashAttends }: Backend, { ne, sources }: GraphTensor): boolean {
  const [, keys, values] = sources;
  if (keys === undefined || values === undefined) return true;
  const [key = 1, , keyHeads = 1] = keys.ne;
  const [value = 1, queryHeads = 1] = ne;
  const heads = { key, value, queriesPerKey: queryHeads / keyHeads };
  return flashAttends(heads, keys.type, values.type);
}

interface Split {
  backend: number;
  readonly start: number;
  readonly inputs: GraphTensor[];
  /** It grows where one operation brings more inputs than are left of it. */
  capacity: number;
}

/** GGML_SCHED_MAX_SPLIT_INPUTS, ggml/src/ggml-backend.cpp. */
const splitInputs = 30;

/** Keeps a tensor until it has been copied. */
function dependency(input: GraphTensor): GraphTensor {
  const tensor = graphTensor("none", input.type, input.ne, [input], {
    viewOf: input.viewOf ?? input,
  });
  tensor.backend = input.backend;
  return tensor;
}
