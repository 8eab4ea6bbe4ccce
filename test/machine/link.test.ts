import { describe, expect, it } from "vitest";
import { parseLink } from "../../src/machine/link.ts";

describe("a described link", () => {
  it("has the rate of its name in bytes", () => {
    expect(parseLink("10gbe")).toMatchObject({ bytesPerSecond: 1.25e9, roundTripSeconds: 1e-4 });
    expect(parseLink("TB5")).toMatchObject({ name: "tb5", bytesPerSecond: 1e10 });
  });

  it("may be given by its figures, as rows tell them", () => {
    expect(parseLink("1.1, 0.25")).toMatchObject({
      bytesPerSecond: 1.1e9,
      roundTripSeconds: 2.5e-4,
    });
  });

  it.each(["", "10", "0,1", "fast", "1,-1"])("is none of %j", (text) => {
    expect(parseLink(text)).toBeNull();
  });
});
