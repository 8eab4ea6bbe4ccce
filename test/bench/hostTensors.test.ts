import { describe, expect, it } from "vitest";
import { heldOnHost } from "../../src/bench/hostTensors.ts";

const moe = { type: "qwen3moe 30B.A3B Q4_K - Medium", nLayers: 48 };
const dense = { type: "llama 7B Q4_0", nLayers: 32 };

describe("layers of which tensors placed by name are kept on the host", () => {
  it.each([
    ["ffn_.*_exps.=CPU", 48],
    ["\\.ffn_.*_exps\\.=CPU", 48],
    ["exps=CPU", 48],
    ["blk\\.(1[0-9]|2[0-9])\\.ffn_.*_exps\\.=CPU", 20],
    ["blk\\.(3[0-9]|4[0-7])\\.ffn_(up|down)_exps=CPU", 18],
    ["blk\\.[0-3]\\.=CUDA0;exps=CPU", 44],
    ["exps=CUDA_Host", 48],
    ["exps=CPU_REPACK", 48],
    ["exps=CUDA1", 0],
    ["blk\\.9[0-9]\\.ffn.*=CPU", 0],
    ["([4-9]|[1-3][0-9])+.ffn_.*_exps.=CPU", 40],
  ])("by %s are %d of a mixture of experts", (overrides, layers) => {
    expect(heldOnHost(overrides, moe).layers).toBe(layers);
  });

  it("are none by experts of a model that has none, and all of them where nobody knows", () => {
    expect(heldOnHost("exps=CPU", dense).layers).toBe(0);
    expect(heldOnHost("ffn_up=CPU", dense).layers).toBe(32);
    expect(heldOnHost("exps=CPU", { type: null, nLayers: null }).layers).toBeGreaterThan(0);
    expect(heldOnHost("exps=CPU", { ...dense, type: "llama 8x7B Q4_0" }).layers).toBe(32);
  });

  it("don't count the output, which is told by itself, nor the embeddings, which lie there anyway", () => {
    expect(heldOnHost("^output.weight=CPU", dense)).toEqual({ layers: 0, output: true });
    expect(heldOnHost("token_embd=CPU", dense)).toEqual({ layers: 0, output: false });
  });

  it("by a pattern that would take forever, or is none, are taken at their word", () => {
    expect(heldOnHost("((a+)+)+$=CPU", dense).layers).toBe(32);
    expect(heldOnHost("(unclosed=CPU", dense).layers).toBe(32);
    expect(heldOnHost("(unclosed=CUDA1", dense).layers).toBe(0);
  });
});
