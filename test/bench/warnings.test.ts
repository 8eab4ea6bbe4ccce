import { expect, it } from "vitest";
import { warning, warnsOf } from "../../src/bench/warnings.ts";

const record = { warnings: [warning("drift", "-4%"), { code: "other", detail: "tight" } as const] };

it("a case warns of the codes that it has, whatever their detail", () => {
  expect(warnsOf(record, "drift")).toBe(true);
  expect(warnsOf(record, "outliers", "drift")).toBe(true);
  expect(warnsOf(record, "outliers")).toBe(false);
  expect(warnsOf(record)).toBe(false);
});

it("a text of somebody else's is no code, whatever it says", () => {
  expect(warnsOf(record, "tight")).toBe(false);
});
