import { describe, expect, it } from "vitest";
import { machinesOf } from "../../src/compare/machines.ts";
import { modelsOn } from "../../src/compare/modelOnMachine.ts";
import { mostShared, precisionsOf } from "../../src/compare/precisions.ts";
import { gib, row, type Columns } from "./rows.ts";

const order = (given: readonly Columns[]) =>
  precisionsOf(
    machinesOf([{ file: "a", cases: given.map((one) => row(one)) }]).flatMap(modelsOn),
  ).map(({ model }) => model.quantization);

describe("precisions of a model", () => {
  it("are ordered by their files' bits per weight, the most precise first", () => {
    const sizes = { q4_0: 3.6, q8_0: 6.7, f16: 12.6, mine: 5 };
    const given = Object.entries(sizes).map(([quantization, size]) => ({
      quantization,
      weights_bytes: size * gib,
    }));
    expect(order(given)).toEqual(["f16", "q8_0", "mine", "q4_0"]);
  });

  it("are ordered by their types where parameters are unknown, and foreign ones left out", () => {
    const given = ["q4_0", "f16", "mine", "q8_0"].map((quantization) => ({
      quantization,
      model_n_params: null,
    }));
    expect(order(given)).toEqual(["f16", "q8_0", "q4_0"]);
  });
});

it("the test that most share is the shorter of equals", () => {
  const [short, long] = [row(), row({ test: "tg512", n_gen: 512 })];
  expect(mostShared([long, short, short, long])).toBe("tg128");
  expect(mostShared([short, long, long])).toBe("tg512");
  expect(mostShared([])).toBeNull();
});
