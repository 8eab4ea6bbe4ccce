import { describe, expect, it } from "vitest";
import { barLine } from "../../src/ui/barLine.ts";

const shown = {
  label: "[3/4] llama-2-7b q4_0 tg128",
  share: 0.5,
  detail: " repetition 2, about 1 min left",
};

describe("a line of progress", () => {
  it("has a bar between what is done and how far it is", () => {
    expect(barLine(shown, 120)).toBe(
      "[3/4] llama-2-7b q4_0 tg128 [============------------] 50% repetition 2, about 1 min left",
    );
  });

  it("shrinks the bar before the words", () => {
    expect(barLine(shown, 78)).toBe(
      "[3/4] llama-2-7b q4_0 tg128 [======------] 50% repetition 2, about 1 min left",
    );
    expect(barLine(shown, 66)).not.toContain("[=");
    expect(barLine(shown, 66)).toContain("about 1 min left");
  });

  it("never reaches the last character of a line", () => {
    for (let width = 20; width < 130; width += 1)
      expect(barLine(shown, width).length).toBeLessThan(width);
  });
});
