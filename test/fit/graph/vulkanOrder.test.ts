import { expect, it } from "vitest";
import {
  graphTensor,
  view,
  type GraphOp,
  type GraphTensor,
} from "../../../src/fit/graph/graphTensor.ts";
import { vulkanOrder } from "../../../src/fit/graph/vulkanOrder.ts";

function op(name: GraphOp, ...sources: GraphTensor[]): GraphTensor {
  return graphTensor(name, "f32", [8], sources);
}

const weight = () => graphTensor("none", "f32", [8], [], { home: 0 });

it("brings together what doesn't depend on each other", () => {
  const start = op("mul_mat", weight());
  const first = op("mul_mat", weight(), start);
  const firstGlu = op("glu", first);
  const second = op("mul_mat", weight(), start);
  const secondGlu = op("glu", second);
  expect(vulkanOrder([start, first, firstGlu, second, secondGlu])).toEqual([
    start,
    first,
    second,
    firstGlu,
    secondGlu,
  ]);
});

it("keeps a norm and its weights, which are fused, next to each other", () => {
  const start = op("mul_mat", weight());
  const normed = op("rms_norm", start);
  const scaled = op("mul", normed, weight());
  const other = op("mul_mat", weight());
  const order = vulkanOrder([start, normed, scaled, other]);
  expect(order.indexOf(scaled)).toBe(order.indexOf(normed) + 1);
});

it("takes a rope's way into the KV cache along", () => {
  const cache = graphTensor("none", "f16", [8, 8], [], { home: 0 });
  const keys = op("mul_mat", weight());
  const turned = op("rope", keys, weight());
  const values = op("mul_mat", weight());
  const rows = view(turned, [8]);
  const stored = graphTensor("set_rows", "f16", [8, 8], [rows, cache], { viewOf: cache });
  const order = vulkanOrder([keys, turned, values, rows, stored]);
  expect(order.slice(order.indexOf(turned)).slice(0, 3)).toEqual([turned, rows, stored]);
});

it("computes nothing before what it reads", () => {
  const nodes: GraphTensor[] = [op("mul_mat", weight())];
  for (let i = 1; i < 60; i++) {
    const read = [nodes[i - 1], nodes[Math.floor(i / 3)]].filter((node) => node !== undefined);
    nodes.push(i % 4 === 0 ? view(read[0] ?? weight(), [8]) : op("add", ...read));
  }
  const order = vulkanOrder(nodes);
  expect(new Set(order)).toEqual(new Set(nodes));
  const early = order.filter((node, at) =>
    node.sources.some((source) => nodes.includes(source) && order.indexOf(source) > at),
  );
  expect(early).toEqual([]);
});

it("leaves the way in which a router chooses as it is", () => {
  const scores = op("mul_mat", weight());
  const soft = op("soft_max", scores);
  const each = view(soft, [8]);
  const sorted = op("argsort", soft);
  const chosen = view(sorted, [4]);
  const picked = op("get_rows", each, chosen);
  const other = op("mul_mat", weight());
  const routing = [soft, each, sorted, chosen, picked];
  const order = vulkanOrder([scores, ...routing, other]);
  const at = order.indexOf(soft);
  expect(order.slice(at, at + routing.length)).toEqual(routing);
});

it("takes a convolution's bias and activation along", () => {
  const start = op("mul_mat", weight());
  const filtered = op("ssm_conv", start, weight());
  const biased = op("add", filtered, weight());
  const other = op("mul_mat", weight(), start);
  const active = op("unary", biased);
  const order = vulkanOrder([start, filtered, biased, other, active]);
  const at = order.indexOf(filtered);
  expect(order.slice(at, at + 3)).toEqual([filtered, biased, active]);
});
