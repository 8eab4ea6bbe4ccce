import { describe, expect, it } from "vitest";
import type { GraphicsCard } from "../../src/machine/graphics.ts";
import { describeLoad, otherLoad } from "../../src/machine/otherLoad.ts";

function card(busyPercent: number | null): GraphicsCard {
  return {
    vendor: "nvidia",
    name: "NVIDIA GeForce RTX 4090",
    memoryBytes: null,
    driver: null,
    busyPercent,
  };
}

describe("other load", () => {
  it.each([
    ["an idle machine", 0.1, 8, card(2)],
    ["a background task on many cores", 1.5, 32, card(null)],
    ["a desktop that draws itself", 0.3, 2, card(9)],
  ])("is not noticed of %s", (_, busyCores, cores, gpu) => {
    expect(describeLoad({ busyCores, cores, busiest: [], cards: [gpu] })).toBeNull();
  });

  it("is told with the programs to close", () => {
    const load = { busyCores: 3.96, cores: 8, busiest: ["cc1plus", "chrome"], cards: [] };
    expect(describeLoad(load)).toBe(
      "other processes keep 4.0 of 8 CPUs busy (cc1plus, chrome): numbers will be lower than this machine's own",
    );
  });

  it("is told of a GPU too", () => {
    const load = { busyCores: 0, cores: 8, busiest: [], cards: [card(98)] };
    expect(describeLoad(load)).toMatch(/^NVIDIA GeForce RTX 4090 is 98% busy: /);
  });

  it("is measured on this machine without failing", async () => {
    const warning = await otherLoad();
    expect(warning === null || warning.includes("CPUs busy")).toBe(true);
  });
});
