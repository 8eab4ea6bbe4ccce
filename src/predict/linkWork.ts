/**
 * What a batch of tokens sends to a machine that lends, and waits for there: llama.cpp's scheduler copies the inputs of a
 * machine's layers to it, tells it to compute, and asks for what comes out (ggml_backend_sched_compute_splits,
 * ggml/src/ggml-backend.cpp; ggml/src/ggml-rpc/ggml-rpc.cpp; v0.4.0).
 */
import { sumOf } from "../base/sumOf.ts";
import { cellsRead, meanCellsRead } from "./decodeWork.ts";
import { graphNodesOf } from "./graphNodes.ts";
import { workOfModel, type ReadModel } from "./readModel.ts";
import { layerOf } from "../gguf/tensorTable.ts";

/** Of one machine. */
export interface LinkWork {
  readonly messages: number;
  /** Answers that are waited for. */
  readonly turns: number;
  readonly upBytes: number;
  readonly downBytes: number;
}

/** The tokens of a batch, and where in the context they stand. */
export interface LinkBatch {
  readonly tokens: number;
  readonly nDepth: number;
  /** Tokens that follow each other from the depth on, each batch of them as large. */
  readonly inAll: number;
  readonly nUbatch: number;
  readonly flashAttention: boolean;
}

/** What of the model a machine holds. */
export interface HeldLayers {
  /** Indices of layers. */
  readonly layers: readonly number[];
  /** The output layer too. */
  readonly output: boolean;
}

const floatBytes = 4;
const halfBytes = 2;
const positionBytes = 4;
const cellIndexBytes = 8;

/** A command and the size of what follows it. */
const commandBytes = 1 + 8;
/** `rpc_tensor`. */
const tensorBytes = 296;
/** SET_TENSOR: the tensor and an offset before the data. */
const setBytes = commandBytes + tensorBytes + 8;
/** GET_TENSOR: the tensor, an offset and a size; its answer begins with a size. */
const getBytes = commandBytes + tensorBytes + 16;
const answerBytes = 8;
/** GRAPH_RECOMPUTE: the device. */
const recomputeBytes = commandBytes + 4;
/** GRAPH_COMPUTE: device, number of nodes and of tensors, before both. */
const graphBytes = commandBytes + 12;
const nodeBytes = 8;

/** Of a cache: its mask, and the cells that keys and values go to. */
const messagesPerCache = 3;

/** Keys and values of a cache are tensors of each layer's graph. */
const cacheTensors = 2;

/** n_kv grows by as many cells, and the graph with it (get_n_kv, src/llama-kv-cache.cpp, v0.4.0). */
const cellBlock = 256;

export function linkWork(model: ReadModel, held: HeldLayers, batch: LinkBatch): LinkWork {
  const { width } = workOfModel(model);
  const { tokens, flashAttention } = batch;
  const last = model.placedLayers - 1;
  const activations = floatBytes * width * tokens;
  const caches = cachesOf(model, held);
  const maskBytes = flashAttention ? halfBytes : floatBytes;
  const inputs = sumOf(caches, ({ cells }) => {
    const looked = cellsRead(cells, batch.nUbatch, (most) =>
      meanCellsRead(batch.inAll, batch.nDepth, most),
    );
    return maskBytes * looked * tokens + 2 * cellIndexBytes * tokens;
  });
  // Which tokens go on to the output is told to the machine with the last layer.
  const outputIds = held.layers.includes(last) ? 1 : 0;
  const sent = 2 + messagesPerCache * caches.length + outputIds;
  const out = held.output ? floatBytes * vocabularyOf(model) : activations;
  return {
    // Those, one to compute and one that asks.
    messages: sent + 2,
    turns: 1,
    upBytes:
      sent * setBytes +
      activations +
      positionBytes * tokens +
      inputs +
      outputIds * positionBytes +
      computeBytes(model, held, batch) +
      getBytes,
    downBytes: answerBytes + out,
  };
}

/** Caches that layers of this machine attend to. */
function cachesOf({ caches }: ReadModel, { layers }: HeldLayers): ReadModel["caches"]["attention"] {
  return caches.attention.filter((cache) =>
    cache.layers.some(({ layer }) => layers.includes(layer)),
  );
}

/** Tokens that the output layer tells apart. */
function vocabularyOf({ tensors }: ReadModel): number {
  return tensors.find(({ name }) => name === "token_embd.weight")?.dims[1] ?? 0;
}

/** A graph that is the last one's again is one small message; another one goes over as a whole. */
function computeBytes(model: ReadModel, held: HeldLayers, batch: LinkBatch): number {
  const share = newGraphs(batch);
  return (1 - share) * recomputeBytes + share * graphBytesOf(model, held);
}

/** Of a batch's graphs, those that aren't the one before: none where all look over the same number of cells. */
function newGraphs({ tokens, nDepth, inAll }: LinkBatch): number {
  const blocks = Math.ceil((nDepth + inAll) / cellBlock) - Math.floor(nDepth / cellBlock);
  const batches = Math.max(1, inAll / tokens);
  return blocks <= 1 ? 0 : Math.min(1, blocks / batches);
}

function graphBytesOf(model: ReadModel, { layers }: HeldLayers): number {
  const nodes = graphNodesOf(model);
  const byLayer = layers.map((layer) => ({
    nodes: nodes[layer] ?? 0,
    leafs: cacheTensors + model.tensors.filter(({ name }) => layerOf(name) === layer).length,
  }));
  return (
    graphBytes +
    sumOf(byLayer, (layer) => nodeBytes * layer.nodes + tensorBytes * (layer.nodes + layer.leafs))
  );
}
