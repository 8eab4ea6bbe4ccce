import { array, assert, double, integer, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  brokenInto,
  rowsFor,
  spread,
  textWidth,
} from "../../../../src/reporters/compare/drawing/textRoom.ts";

const withoutBlanks = (text: string) => text.replaceAll(/\s/g, "");

describe("a text on several lines", () => {
  it("stands on one where it has the room", () => {
    expect(brokenInto("rtx-4090-24gb", 200)).toEqual(["rtx-4090-24gb"]);
  });

  it("is broken behind the signs that join the parts of a name", () => {
    expect(brokenInto("m2-ultra-76c-192gb+m2-ultra-76c-192gb", 140)).toEqual([
      "m2-ultra-76c-192gb+",
      "m2-ultra-76c-192gb",
    ]);
  });

  it("is broken within a part that is too wide by itself", () => {
    const lines = brokenInto("a".repeat(50), 100);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join("")).toBe("a".repeat(50));
  });

  it("keeps every letter, and no line is wider than the room, for any text", () => {
    assert(
      property(string({ maxLength: 80 }), integer({ min: 30, max: 300 }), (text, width) => {
        const lines = brokenInto(text, width);
        expect(withoutBlanks(lines.join(""))).toBe(withoutBlanks(text));
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("centres along a line", () => {
  it("stay where nothing covers them", () => {
    expect(spread([20, 60, 100], [15, 15, 15], 200)).toEqual([20, 60, 100]);
  });

  it("move as little as keeps what stands at them apart, by its height", () => {
    expect(spread([50, 52], [30, 10], 200)).toEqual([50, 70]);
  });

  it("never cover each other, and end within the line, whatever their places", () => {
    const items = array(
      double({ min: 0, max: 200, noNaN: true }).map((centre) => ({ centre, height: 15 })),
      { maxLength: 10 },
    );
    assert(
      property(items, (given) => {
        const moved = spread(
          given.map(({ centre }) => centre),
          given.map(({ height }) => height),
          200,
        ).toSorted((a, b) => a - b);
        for (const [i, centre] of moved.entries()) {
          expect(centre).toBeLessThanOrEqual(200 - 7.5 + 1e-9);
          expect(centre - (moved[i - 1] ?? -Infinity)).toBeGreaterThanOrEqual(15 - 1e-9);
        }
      }),
    );
  });
});

describe("spans in rows", () => {
  it("take the first row in which they cover no other", () => {
    const spans = [
      { from: 0, to: 10 },
      { from: 5, to: 15 },
      { from: 10, to: 20 },
    ];
    expect(rowsFor(spans, 3)).toEqual([0, 1, 0]);
  });

  it("take as many rows as they are high, and none where these aren't free", () => {
    const spans = [
      { from: 0, to: 10, rows: 2 },
      { from: 5, to: 15 },
      { from: 0, to: 10, rows: 2 },
    ];
    expect(rowsFor(spans, 3)).toEqual([0, 2, null]);
  });
});
