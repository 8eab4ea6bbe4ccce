import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeIssues, formatPath } from "../../src/base/schemaIssues.ts";

const schema = z.strictObject({
  count: z.number().int().positive(),
  mode: z.enum(["auto", "none"]).optional(),
  nested: z.strictObject({ list: z.array(z.strictObject({ name: z.string() })) }).optional(),
});

function problem(input: unknown): string {
  const { error } = schema.safeParse(input);
  return error === undefined ? "" : describeIssues(error, input, schema);
}

describe("an issue", () => {
  it.each([
    [{ count: "3" }, 'count: expected a number, got "3"'],
    [{ count: 1.5 }, "count: expected a whole number, got 1.5"],
    [{ count: 0 }, "count: expected more than 0, got 0"],
    [{}, "count: expected a number, got nothing"],
    [
      { count: 1, mode: "atuo" },
      'mode: expected one of auto, none, got "atuo" (did you mean auto?)',
    ],
    [
      { count: 1, nested: { list: [{ name: "a" }, { name: 2 }] } },
      "nested.list[1].name: expected text, got 2",
    ],
    [
      { count: 1, nested: { list: [{ nam: "a" }] } },
      'nested.list[0]: unknown key "nam" (did you mean name?) (and 1 more)',
    ],
    [
      { count: 1, nested: { list: [{ name: "a", nme: 1 }] } },
      'nested.list[0]: unknown key "nme" (did you mean name?)',
    ],
    [{ count: 1, coutn: 2 }, 'unknown key "coutn" (did you mean count?)'],
    [{ count: 1, price: 2 }, 'unknown key "price", expected one of count, mode, nested'],
    [[], "expected keys with values, got []"],
  ])("of %j says place, expectation and value", (input, message) => {
    expect(problem(input)).toBe(message);
  });

  it("has a place as one would write it", () => {
    expect(formatPath(["a", 0, "b"])).toBe("a[0].b");
  });
});
