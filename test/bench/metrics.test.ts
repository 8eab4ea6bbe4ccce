import { describe, expect, it } from "vitest";
import { isSpeed, ownValues, unitInFull, unitOf } from "../../src/bench/metrics.ts";
import { workloadOf, type UnknownWorkload } from "../../src/bench/workload.ts";
import { timedLaunch } from "./launches.ts";

const tokens = { prompt: 0, generated: 0, depth: 0, parallel: 1 };
const later = (unit: string | null): UnknownWorkload => ({
  kind: "unknown",
  name: "zz9",
  ...tokens,
  metric: null,
  unit,
});

describe("a repetition's value", () => {
  it("is tokens per second of all sequences together, for every test of llama-bench's", () => {
    const launch = timedLaunch({ samplesNs: [1e9, 2e9] });
    const tg = workloadOf({ prompt: 0, generated: 16, depth: 0, parallel: 8 });
    expect(ownValues(launch, tg)).toEqual([128, 64]);
    expect(unitOf(tg)).toBe("t/s");
    expect(isSpeed(tg)).toBe(true);
  });

  it("of a test that isn't known is unknown, and in the unit that its file says", () => {
    expect(ownValues(timedLaunch({ samplesNs: [1e9] }), later("TB/s"))).toBeNull();
    expect(unitOf(later("TB/s"))).toBe("TB/s");
    expect(isSpeed(later("TB/s"))).toBe(false);
    expect(unitInFull(later("TB/s"))).toBe("TB/s");
  });

  it("of a test whose file says no unit is taken for tokens per second", () => {
    expect(isSpeed(later(null))).toBe(true);
    expect(unitInFull(later(null))).toBe("tokens per second");
  });
});
