import { describe, expect, it } from "vitest";
import { linkWork, type LinkBatch } from "../../src/predict/linkWork.ts";
import { modelNamed } from "./usualQuestion.ts";

const model = modelNamed("7b");
const [width, vocabulary, layers] = [4096, 32_000, 32];
const all = Array.from({ length: layers }, (_, layer) => layer);
const [first, second] = [all.slice(0, 16), all.slice(16)];
const decode: LinkBatch = {
  tokens: 1,
  nDepth: 0,
  inAll: 128,
  nUbatch: 512,
  flashAttention: true,
};
const prompt: LinkBatch = { ...decode, tokens: 512, inAll: 512 };

describe("what goes over a link", () => {
  it("is one answer that is waited for, whatever is held", () => {
    for (const held of [first, second])
      expect(linkWork(model, { layers: held, output: false }, decode).turns).toBe(1);
  });

  it("is activations in and out, and in place of the last ones the logits of one token", () => {
    const inAndOut = linkWork(model, { layers: first, output: false }, prompt);
    expect(inAndOut.downBytes).toBeCloseTo(4 * width * 512, -2);
    expect(inAndOut.upBytes).toBeGreaterThan(4 * width * 512);
    const last = linkWork(model, { layers: second, output: true }, prompt);
    expect(last.downBytes).toBeCloseTo(4 * vocabulary, -2);
  });

  it("is the mask of all cells that are looked over, of which a prompt has one for each token", () => {
    const near = linkWork(model, { layers: first, output: false }, decode);
    const deep = linkWork(model, { layers: first, output: false }, { ...decode, nDepth: 4096 });
    expect(deep.upBytes - near.upBytes).toBeCloseTo(2 * 4096, -1);
    const without = linkWork(
      model,
      { layers: first, output: false },
      { ...decode, nDepth: 4096, flashAttention: false },
    );
    expect(without.upBytes - deep.upBytes).toBeCloseTo(2 * (4096 + 256), -1);
  });

  it("is a small message in place of a graph that stays the same, and the graph where the context grows over a block", () => {
    const same = linkWork(model, { layers: first, output: false }, decode);
    const grows = linkWork(model, { layers: first, output: false }, { ...decode, inAll: 512 });
    // Some hundred bytes for each of a graph's tensors, once in 256 tokens.
    expect(grows.upBytes - same.upBytes).toBeGreaterThan((16 * 30 * 296) / 256);
    expect(grows.upBytes - same.upBytes).toBeLessThan((16 * 60 * 296) / 256 + 512);
  });
});
