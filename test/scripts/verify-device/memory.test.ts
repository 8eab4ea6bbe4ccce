import { describe, expect, it } from "vitest";
import { memoryChecks } from "../../../scripts/verify-device/memory.mjs";
import { caseOf, tested } from "../../results/rows.ts";

const gib = 2 ** 30;

type Pair = readonly [predicted: number | null, measured: number];

function cases(pairs: readonly Pair[]) {
  return pairs.map(([predicted, measured]) =>
    caseOf({
      ...tested({ n_prompt: 512 }),
      status: "measured",
      avg_ts: 1,
      model: "a-model",
      device_bytes_predicted: predicted,
      device_bytes_measured: measured,
      host_bytes_predicted: 0,
      host_bytes_measured: 0,
    }),
  );
}

function outcome(...pairs: readonly Pair[]) {
  return memoryChecks(cases(pairs)).find(({ what }) => what.startsWith("device"))?.outcome;
}

describe("predicted memory", () => {
  it("may be 2% off", () => {
    expect(outcome([10 * gib, 10.1 * gib])).toBe("passed");
    expect(outcome([10 * gib, 10.3 * gib])).toBe("failed");
  });

  it("may be 16 MiB off on a small model", () => {
    expect(outcome([30 * 2 ** 20, 40 * 2 ** 20])).toBe("passed");
  });

  it("fails by its worst case, and where nothing was predicted", () => {
    expect(outcome([gib, gib], [gib, 2 * gib])).toBe("failed");
    expect(outcome([null, gib])).toBe("failed");
  });

  it("is not judged without a measured case", () => {
    expect(memoryChecks([])).toEqual([]);
  });
});
