import { describe, expect, it } from "vitest";
import { cliffOf, type CliffPoint } from "../../../src/compare/sizes/cliff.ts";
import { SizeGrid } from "../../../src/compare/sizes/sizeGrid.ts";
import { wallsOf } from "../../../src/compare/sizes/walls.ts";
import { gib, machinesNamed, macAndCard, runnersOf } from "./runners.ts";

const range = { from: 2 * gib, to: 100 * gib };
const sizes = new SizeGrid(range);
const writing = {
  family: "dense",
  contextTokens: 512,
  work: { depth: 0, promptTokens: 0, outputTokens: 512 },
} as const;

const last = (points: readonly CliffPoint[] | undefined) => points?.at(-1);

describe("the cliff", () => {
  it("is at the budget, but for compute buffers there and embeddings on the host, and is a fall", async () => {
    const cliff = cliffOf(await runnersOf(), sizes, writing);
    const card = cliff.lines.find(({ label }) => label === "rtx-4090-24gb")?.points;
    const edge = last(card?.held)?.neededBytes ?? 0;
    expect(edge / (24 * gib)).toBeGreaterThan(0.95);
    expect(edge / (24 * gib)).toBeLessThan(1.05);
    const behind = card?.offloaded[0];
    expect(behind?.neededBytes).toBeLessThan(edge * 1.03);
    expect(behind?.seconds.centre ?? 0).toBeGreaterThan(
      1.05 * (last(card?.held)?.seconds.centre ?? Infinity),
    );
  });

  it("gets slower with every byte that is held", async () => {
    const cliff = cliffOf(await runnersOf(), sizes, writing);
    for (const { points } of cliff.lines) {
      const times = points.held.map(({ seconds }) => seconds.centre);
      expect(times.length).toBeGreaterThan(10);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  it("has another edge for a Mac whose limit is raised, and walls for both", async () => {
    const runners = await runnersOf();
    const [mac] = await machinesNamed(macAndCard);
    const walls = mac === undefined ? [] : wallsOf(mac, runners);
    expect(walls.map(({ raised }) => raised)).toEqual([false, true]);
    const [stock, raised] = walls.map(({ bytes }) => bytes);
    const points = cliffOf(runners, sizes, writing).lines.find(
      ({ label }) => label === mac?.label,
    )?.points;
    expect(last(points?.held)?.neededBytes).toBeLessThan(stock ?? 0);
    expect(last(points?.raised)?.neededBytes).toBeLessThan(raised ?? 0);
    expect(last(points?.raised)?.neededBytes).toBeGreaterThan(stock ?? Infinity);
  });

  it("flips the winner behind the wall, not at it, and no later than where the other is surely faster", async () => {
    const { flips } = cliffOf(await runnersOf(), sizes, writing);
    expect(flips[0]).toMatchObject({ before: "rtx-4090-24gb", after: "m3-max-40c-64gb" });
    const { from = 0, to = 0 } = flips[0] ?? {};
    expect(from).toBeGreaterThan(22 * gib);
    expect(to).toBeGreaterThan(from);
    expect(to).toBeLessThan(48 * gib);
  });

  it("lies elsewhere for the first word of a long prompt: the card stays ahead of the Mac behind its wall", async () => {
    const { flips } = cliffOf(await runnersOf(), sizes, {
      family: "dense",
      contextTokens: 8192,
      work: { depth: 0, promptTokens: 8192, outputTokens: 0 },
    });
    for (const { from } of flips) expect(from).toBeGreaterThan(40 * gib);
  });
});
