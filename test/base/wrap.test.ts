import { describe, expect, it } from "vitest";
import { wrapped } from "../../src/base/wrap.ts";

describe("wrapped text", () => {
  it("breaks lines between words", () => {
    expect(wrapped("one two three\nfour", 8)).toBe("one two\nthree\nfour");
  });

  it("goes on below the first word of its line, behind the marks that begin it", () => {
    expect(wrapped("  one two three", 9)).toBe("  one two\n  three");
    expect(wrapped("[12] one two three", 13)).toBe("[12] one two\n     three");
    expect(wrapped("- one two three", 9)).toBe("- one two\n  three");
  });

  it("breaks a word that is wider than a line", () => {
    expect(wrapped("abcdefgh ij", 4)).toBe("abcd\nefgh\nij");
  });

  it("is left as it is where no width is given", () => {
    expect(wrapped("one two three", Infinity)).toBe("one two three");
  });
});
