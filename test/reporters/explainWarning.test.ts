import { expect, it } from "vitest";
import { warning } from "../../src/bench/warnings.ts";
import { explainWarning } from "../../src/reporters/explainWarning.ts";
import { warningOf } from "../../src/results/codes.ts";

it("a warning is explained with its detail and the way out", () => {
  expect(explainWarning(warning("drift", "-4% over 5 repetitions"))).toMatch(
    /^drift \(-4% over 5 repetitions\): speed rose or fell .*; let the machine cool/,
  );
  expect(explainWarning(warning("on_battery"))).toBe(
    "on_battery: the machine ran on battery; plug it in",
  );
});

it("a warning of a later version says itself", () => {
  for (const text of ["new_kind: of trouble", "constructor", ""])
    expect(explainWarning(warningOf(text))).toBe(text);
});
