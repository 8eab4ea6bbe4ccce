import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../../src/bench/record.ts";
import { paceCurve, type PaceCurve } from "../../../src/compare/answers/paceCurve.ts";
import type { PacedKind } from "../../../src/compare/answers/paceTests.ts";
import { launches, type Columns } from "../rows.ts";
import { level, measured, secondsUpTo } from "./truths.ts";

const slow = { start: 1e-3, growth: 1e-7 };
const curve = (kind: PacedKind, ...cases: readonly CaseRecord[]): PaceCurve => {
  const found = paceCurve(kind, cases);
  if (found === null) throw new Error("nothing measured");
  return found;
};
const pp = (tokensPerSecond: number, tokens: number, depth = 0, columns: Columns = {}) =>
  measured("prompt", level(tokensPerSecond), tokens, depth, columns);
const tg = (tokensPerSecond: number, tokens: number, depth = 0) =>
  measured("generate", level(tokensPerSecond), tokens, depth);

describe("seconds up to a depth", () => {
  it("are exact between tests at depth, where the pace grows evenly", () => {
    const depths = [0, 4096, 16_384].map((depth) => measured("prompt", slow, 512, depth));
    for (const tokens of [100, 4352, 8000, 16_896]) {
      expect(curve("prompt", ...depths).upTo(tokens).low).toBeCloseTo(secondsUpTo(slow, tokens), 9);
    }
  });

  it("are exact at measured lengths and between them: pp8192 is a mean over its length, no test at that depth", () => {
    const lengths = [512, 4096, 8192].map((tokens) => measured("prompt", slow, tokens));
    for (const tokens of [512, 3000, 4096, 6000, 8192])
      expect(curve("prompt", ...lengths).upTo(tokens).low).toBeCloseTo(
        secondsUpTo(slow, tokens),
        9,
      );
  });

  it("of lengths that were written are exact where the pace grows evenly", () => {
    const lengths = [512, 1024, 4096, 8192].map((tokens) => measured("generate", slow, tokens));
    for (const tokens of [512, 3000, 8192])
      expect(curve("generate", ...lengths).upTo(tokens).low).toBeCloseTo(
        secondsUpTo(slow, tokens),
        9,
      );
  });

  it("are those of a measured prompt, whatever shorter and longer ones took", () => {
    const lengths = [pp(500, 128), pp(1900, 512), pp(2400, 4096), pp(1000, 8192)];
    expect(curve("prompt", ...lengths).upTo(512).low).toBeCloseTo(512 / 1900, 9);
    expect(curve("prompt", ...lengths).upTo(4096).low).toBeCloseTo(4096 / 2400, 9);
  });

  it("are an interval beyond the measured depths, and it holds the truth", () => {
    const lengths = curve(
      "generate",
      measured("generate", slow, 512),
      measured("generate", slow, 4096),
    );
    const depths = curve(
      "generate",
      measured("generate", slow, 128),
      measured("generate", slow, 128, 4096),
    );
    for (const known of [lengths, depths]) {
      const { low, high } = known.upTo(12_000);
      expect(low).toBeLessThan(secondsUpTo(slow, 12_000));
      expect(high).toBeGreaterThanOrEqual(secondsUpTo(slow, 12_000) * 0.9999);
    }
  });

  it("of one test alone allow for the steepest slowing that was published", () => {
    const { low, high } = curve("prompt", pp(1000, 512)).upTo(4608);
    expect(low).toBeCloseTo(4.608, 6);
    expect(high).toBeCloseTo(4.608 + (1e-3 * 3.1e-4 * 4096 ** 2) / 2, 6);
  });

  it("of two tests close together allow for the same, since their difference is noise", () => {
    const { low, high } = curve("prompt", pp(1000, 512), pp(960, 544)).upTo(4640);
    expect(low).toBeCloseTo(4640 / 960, 6);
    expect(high).toBeCloseTo(4640 / 960 + (3.1e-4 / 960) * (4096 ** 2 / 2), 6);
  });

  it("of one test alone on several devices allow for a pipeline that fills later", () => {
    const single = pp(1000, 512, 0, { n_devices: 2 });
    expect(curve("prompt", single).upTo(1024).low).toBeCloseTo(0.512 + 0.512 / 2.3, 6);
  });

  it("are unknown where nothing was measured", () => {
    expect(paceCurve("prompt", [tg(50, 128)])).toBeNull();
  });
});

describe("a slowing with depth", () => {
  it("is seen within one prompt length: a batch of 128 is slower than one of 512 at any depth", () => {
    const long = [pp(1000, 512), pp(900, 512, 8192)];
    const both = curve("prompt", pp(600, 128), pp(550, 128, 8192), ...long);
    expect(both.upTo(8700)).toEqual(curve("prompt", ...long).upTo(8700));
    expect(both.upTo(16_000).low).toBeGreaterThan(both.upTo(8700).high);
  });

  it("is not read from a mean over a length and a test at depth", () => {
    const lengths = [pp(1000, 512), pp(800, 8192)];
    expect(curve("prompt", ...lengths, pp(700, 512, 4096)).upTo(24_000)).toEqual(
      curve("prompt", ...lengths).upTo(24_000),
    );
  });

  it("never quickens who writes: a deeper test that was faster counts as level", () => {
    const faster = curve("generate", tg(50, 128), tg(55, 128, 4096));
    const [before, after] = [faster.upTo(1000).low, faster.upTo(3000).low];
    expect(after - before).toBeCloseTo(before * 2, 9);
  });
});

describe("the error", () => {
  it("is that of the least sure test", () => {
    const sure = pp(1000, 512, 0, launches([100, 100], [100.1, 100.1]));
    const unsure = pp(900, 4096, 0, launches([100, 100], [103, 103]));
    const { error } = curve("prompt", sure, unsure);
    expect(error).toEqual(curve("prompt", unsure).error);
    expect(error?.sd).toBeGreaterThan(curve("prompt", sure).error?.sd ?? Infinity);
  });

  it("isn't known where one test tells no spread", () => {
    const bare = pp(900, 4096, 0, { samples_ts: [], repetitions: null });
    expect(curve("prompt", pp(1000, 512), bare).error).toBeNull();
  });
});
