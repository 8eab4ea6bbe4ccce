import { expect, it } from "vitest";
import { typeOf } from "../../src/predict/roofDecode.ts";
import { TypeRates } from "../../src/predict/typeRates.ts";

it.each([
  ["q4_k_m", "q4_k"],
  ["q3_k_s", "q3_k"],
  ["iq3_s", "iq3_s"],
  ["iq1_m", "iq1_m"],
  ["q8_0", "q8_0"],
  [null, ""],
])("most of a model of %s is of type %s", (quantization, type) => {
  expect(typeOf(quantization)).toBe(type);
});

it("work of no type that was measured goes at the mean pace of all that were", () => {
  const rates = new TypeRates();
  expect(rates.secondsAbout(new Map([["f16", 1]]))).toBeNull();
  rates.set("f16", { perSecond: 1, spoiled: false });
  rates.set("q8_0", { perSecond: 4, spoiled: false });
  const other = new Map([["iq1_s", 8]]);
  expect(rates.secondsAbout(other)).toBeCloseTo(5, 9);
  expect(rates.seconds(other)).toBeNull();
});
