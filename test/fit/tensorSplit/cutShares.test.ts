import { describe, expect, it } from "vitest";
import { cutShares } from "../../../src/fit/tensorSplit/cutShares.ts";

const plain = (elements: number, step: number) => [{ elements, times: 1, step }];

describe("a cut dimension", () => {
  it("is cut into equal parts where no proportions are given, each a multiple of the step", () => {
    expect(cutShares(plain(1024, 128), [0, 0], 0)).toEqual([512, 512]);
    expect(cutShares(plain(896, 128), [0, 0], 0)).toEqual([384, 512]);
  });

  it("leaves what doesn't come out even to another device in each layer", () => {
    expect(cutShares(plain(896, 128), [0, 0], 1)).toEqual([512, 384]);
    expect(cutShares(plain(1024, 128), [0, 0, 0], 1)).toEqual([384, 256, 384]);
  });

  it("is cut by proportions where they are given", () => {
    expect(cutShares(plain(1024, 128), [3, 1], 0)).toEqual([768, 256]);
    expect(cutShares(plain(1024, 128), [3, 1], 1)).toEqual([768, 256]);
    expect(cutShares(plain(1024, 512), [3, 1], 0)).toEqual([512, 512]);
  });

  it("leaves a device without a part where a step is all there is", () => {
    expect(cutShares(plain(256, 256), [0, 0], 0)).toEqual([0, 256]);
  });

  it("is cut stretch by stretch, each as often as it comes", () => {
    const queriesKeysValues = [
      { elements: 1024, times: 1, step: 128 },
      { elements: 256, times: 2, step: 64 },
    ];
    expect(cutShares(queriesKeysValues, [0, 0], 0)).toEqual([768, 768]);
    expect(cutShares(queriesKeysValues, [3, 1], 0)).toEqual([1152, 384]);
  });
});
