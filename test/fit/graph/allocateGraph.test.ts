import { expect, it } from "vitest";
import { allocateGraph, type BufferKind } from "../../../src/fit/graph/allocateGraph.ts";
import { Graph, graphTensor, view, type GraphTensor } from "../../../src/fit/graph/graphTensor.ts";
import { bufferPeaks } from "../../../src/fit/graph/memoryLog.ts";

const buffer: BufferKind = { alignment: 4, maxChunkBytes: Infinity, bytesOf: ({ bytes }) => bytes };

const rows = [100];
const rowBytes = 400;

function op(name: "mul_mat" | "add" | "glu", sources: GraphTensor[]): GraphTensor {
  return graphTensor(name, "f32", rows, sources);
}

function bytesOf(result: GraphTensor): number | undefined {
  const graph = new Graph();
  graph.expand(result);
  for (const tensor of [...graph.leaves, ...graph.nodes]) tensor.backend = 0;
  return bufferPeaks(allocateGraph(graph, [buffer]), [buffer])[0];
}

function weights(): GraphTensor {
  return graphTensor("none", "f32", rows, [], { home: 0 });
}

function product(of: GraphTensor = weights()): GraphTensor {
  return op("mul_mat", [of]);
}

it("keeps a result until its last reader is done, and no longer", () => {
  expect(bytesOf(product(product(product(product()))))).toBe(2 * rowBytes);
});

it("writes sums over what they read", () => {
  expect(bytesOf(op("add", [op("add", [product(), weights()]), weights()]))).toBe(rowBytes);
  expect(bytesOf(op("glu", [op("glu", [product(), weights()]), weights()]))).toBe(2 * rowBytes);
});

it("writes over nothing that somebody else reads too", () => {
  const readTwice = product();
  const sum = op("add", [readTwice, weights()]);
  expect(bytesOf(op("add", [sum, readTwice]))).toBe(2 * rowBytes);
});

it("keeps what a view shows", () => {
  const shown = view(product(), [10, 10]);
  expect(bytesOf(op("glu", [shown, product()]))).toBe(3 * rowBytes);
});

it("keeps outputs to the end", () => {
  const first = product();
  first.output = true;
  expect(bytesOf(product(product(product(first))))).toBe(3 * rowBytes);
});

it("has memory for inputs before anything is computed", () => {
  const input = graphTensor("none", "f32", rows, [], { input: true });
  expect(bytesOf(op("glu", [product(product()), input]))).toBe(3 * rowBytes);
});

it("takes nothing for weights, which have their memory already", () => {
  expect(bytesOf(product())).toBe(rowBytes);
});
