import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UnmeasuredRecord } from "../../src/bench/record.ts";
import { reasonCodes, type Status } from "../../src/bench/statuses.ts";
import { warnings } from "../../src/bench/warnings.ts";
import {
  flagCell,
  flagOf,
  reasonCell,
  reasonOf,
  warningOf,
  warningText,
} from "../../src/results/codes.ts";

const unmeasured = Object.keys(reasonCodes) as Exclude<Status, "measured">[];

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .tuple(
      fc.constantFrom(...Object.keys(warnings), ...Object.values(reasonCodes).flat()),
      fc.constantFrom("", ":", ": ", ":  ", ": a", ": a: b\n", " "),
    )
    .map((parts) => parts.join("")),
);

describe("a warning", () => {
  it("is a code and its detail", () => {
    expect(warningOf("drift: slower by 3.1%")).toEqual({ code: "drift", detail: "slower by 3.1%" });
    expect(warningOf("single_launch")).toEqual({ code: "single_launch", detail: "" });
    expect(warningOf("suspended: 1 taken again: twice\nover")).toEqual({
      code: "suspended",
      detail: "1 taken again: twice\nover",
    });
  });

  it.each(["new_kind: of trouble", "constructor", "", "Drift: no", "drift again"])(
    "of a later version, or of somebody else's, keeps its text: %j",
    (words) => {
      expect(warningOf(words)).toEqual({ code: "other", detail: words });
    },
  );

  it("is written as it was read", () => {
    fc.assert(
      fc.property(text, (words) => {
        expect(warningText(warningOf(words))).toBe(words);
      }),
      { numRuns: 1000, seed: 14 },
    );
  });
});

describe.each(unmeasured)("a reason of what is %s", (status) => {
  it.each(reasonCodes[status])("may be %s", (code) => {
    expect(reasonOf(status, `${code}: 2 GiB are missing`)).toEqual({
      code,
      detail: "2 GiB are missing",
    });
  });

  it("has no code of another status", () => {
    const others = unmeasured.filter((one) => one !== status).flatMap((one) => reasonCodes[one]);
    for (const code of others)
      expect(reasonOf(status, code)).toEqual({ code: "other", detail: code });
  });

  it("is written as it was read, and nothing is unknown", () => {
    fc.assert(
      fc.property(text, (words) => {
        const record = { status, reason: reasonOf(status, words) } as UnmeasuredRecord;
        expect(reasonCell(record)).toBe(words === "" ? null : words);
      }),
      { numRuns: 500, seed: 14 },
    );
    expect(reasonCell({ status, reason: reasonOf(status, null) } as UnmeasuredRecord)).toBeNull();
  });
});

it("a flag is 1 or 0, and unknown is neither", () => {
  expect([true, false, null].map(flagCell)).toEqual([1, 0, null]);
  expect([1, 0, null].map(flagOf)).toEqual([true, false, null]);
});
