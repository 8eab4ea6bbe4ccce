import { describe, expect, it } from "vitest";
import { judge, sideOf, winnerOf } from "../../../src/compare/judge/verdict.ts";
import { launches, misfit, row, type Columns } from "../rows.ts";
import { judged as verdict } from "./judged.ts";

const published = { samples_ts: [], repetitions: null, launches: null, stddev_ts: null };
const of = (speed: number) => row({ ...published, avg_ts: speed });
/** Three launches of so little spread that only the ratio decides. */
const sharp = (speed: number) =>
  launches([speed, speed * 1.0001], [speed * 1.0002, speed * 0.9998], [speed * 0.9999, speed]);

describe("a pair's verdict", () => {
  it.each([
    ["faster", 110, "other"],
    ["faster", 90, "baseline"],
    ["equivalent", 101, null],
    ["equivalent", 100, null],
  ])("is %s against 100 at %d", (expected, speed, winner) => {
    expect(verdict(row(sharp(100)), row(sharp(speed)))).toMatchObject({
      verdict: expected,
      winner,
    });
  });

  it("is inconclusive where the interval touches the band, and says how many repetitions would settle it", () => {
    const noisy = launches([100, 101], [104, 105]);
    const found = verdict(row(noisy), row(launches([101, 102], [104, 105])));
    expect(found).toMatchObject({ verdict: "inconclusive", winner: null });
    expect(found.basis).toMatch(/about \d+ repetitions of each, in \d+ launches, would settle it/);
  });

  it("is inconclusive for good where the ratio sits on the band's edge", () => {
    const found = verdict(row(launches([100], [101])), row(launches([103], [104.03])));
    expect(found.basis).toMatch(/too close to 3% for any number of repetitions/);
  });

  it("is only_one_on_gpu where one of them has layers on the CPU, with the ratio given", () => {
    const partial = row({ ...sharp(8), n_gpu_layers: 20 });
    const found = verdict(row(sharp(100)), partial);
    expect(found).toMatchObject({ verdict: "only_one_on_gpu", winner: "baseline" });
    expect(Math.exp(found.ratio?.log ?? 0)).toBeCloseTo(0.08, 3);
    const cpu = row({ ...sharp(3), n_gpu_layers: 0 });
    expect(verdict(cpu, row(sharp(20))).verdict).toBe("only_one_on_gpu");
  });

  it("is one of speed where both have layers on the CPU", () => {
    const [a, b] = [row({ ...sharp(8), n_gpu_layers: 20 }), row({ ...sharp(4), n_gpu_layers: 0 })];
    expect(verdict(a, b).verdict).toBe("faster");
  });

  it("is only_one_runs where the other doesn't fit, and names the one that does", () => {
    expect(verdict(misfit(), row())).toMatchObject({ verdict: "only_one_runs", winner: "other" });
    const skipped = misfit({ status: "skipped", reason: "larger_than_misfit" });
    expect(verdict(row(), skipped)).toMatchObject({ verdict: "only_one_runs", winner: "baseline" });
  });

  it("has no winner where the other one crashed: that says nothing of what it could do", () => {
    const crashed = misfit({ status: "failed", reason: "crashed: signal SIGSEGV" });
    const found = verdict(row(), crashed);
    expect(found).toMatchObject({ verdict: "only_one_runs", winner: null });
    expect(found.basis).toBe("failed (crashed: signal SIGSEGV)");
  });

  it("is none_runs where neither was measured", () => {
    expect(verdict(misfit(), misfit())).toMatchObject({ verdict: "none_runs", ratio: null });
  });

  it("is incomparable where a setting changes the meaning, unless it is allowed", () => {
    const [a, b] = [row(sharp(100)), row({ ...sharp(200), type_k: "q8_0" })];
    expect(verdict(a, b)).toMatchObject({ verdict: "incomparable", winner: null });
    expect(verdict(a, b).basis).toContain("--allow type_k");
    expect(verdict(a, b).settingsDiffer).toContain("type_k: f16 / q8_0");
    expect(verdict(a, b, { allow: new Set(["typeK"]) }).verdict).toBe("faster");
  });

  it.each(["output_differs_from_cpu: 0.2", "memory_spill", "memory_pressure"])(
    "is never won by a row that warns of %s",
    (warning) => {
      const spoilt = { warnings: [warning] };
      const found = verdict(row(sharp(100)), row({ ...sharp(200), ...spoilt }));
      expect(found).toMatchObject({ verdict: "incomparable", winner: null });
      expect(verdict(row(sharp(100)), row({ ...sharp(50), ...spoilt })).winner).toBe("baseline");
    },
  );

  it.each([
    ["higher", 110, "other"],
    ["lower", 110, "baseline"],
    ["lower", 90, "other"],
  ] as const)(
    "goes to the better value where %s is better, against 100 at %d",
    (better, at, winner) => {
      const match = { baseline: sideOf(row(sharp(100))), other: sideOf(row(sharp(at))), better };
      const found = judge(match, { practical: 0.03, allow: new Set() }).verdict;
      expect(found.kind).toBe("faster");
      expect(winnerOf(found)).toBe(winner);
    },
  );

  it("goes by --practical", () => {
    const [a, b] = [row(sharp(100)), row(sharp(105))];
    expect(verdict(a, b).verdict).toBe("faster");
    expect(verdict(a, b, { practical: 0.1 }).verdict).toBe("equivalent");
  });

  it("mirrors where the two change places", () => {
    const rows = [70, 97, 98, 100, 102.5, 103.5, 130].map((speed) =>
      row(launches([speed, speed * 1.004], [speed * 1.002, speed])),
    );
    for (const a of rows) {
      for (const b of rows) expect(verdict(a, b).verdict).toBe(verdict(b, a).verdict);
    }
  });
});

describe("figures that need a ratio beyond 1.25", () => {
  it("are those without spread", () => {
    expect(verdict(of(100), of(124))).toMatchObject({ verdict: "inconclusive", interval: null });
    expect(verdict(of(100), of(126))).toMatchObject({ verdict: "faster", winner: "other" });
    expect(verdict(of(126), of(100))).toMatchObject({ verdict: "faster", winner: "baseline" });
    expect(verdict(of(100), row(sharp(120))).verdict).toBe("inconclusive");
  });

  it.each([
    ["far apart", "b6000", "b6201"],
    ["unknown", "b6000", null],
    ["unknown on both sides", null, null],
  ])("are those of builds %s", (_, a, b) => {
    const other = (speed: number) => row({ ...sharp(speed), engine_version: b });
    const baseline = row({ ...sharp(100), engine_version: a });
    expect(verdict(baseline, other(115)).verdict).toBe("inconclusive");
    expect(verdict(baseline, other(115)).basis).toContain("1.25");
    expect(verdict(baseline, other(130)).verdict).toBe("faster");
    expect(verdict(baseline, other(100)).verdict).toBe("inconclusive");
  });

  it("are not those of builds within 200 releases, which are said all the same", () => {
    const near = row({ ...sharp(110), engine_version: "b6200" });
    const found = verdict(row(sharp(100)), near);
    expect(found.verdict).toBe("faster");
    expect(found.settingsDiffer).toContain("build: b6000 / b6200");
  });
});

const listed = (a: Columns, b: Columns) => verdict(row(a), row(b)).settingsDiffer;

describe("what differs", () => {
  it.each([
    [{ flash_attn: 1 }, { flash_attn: 0 }, "flash_attn: 1 / 0"],
    [{ n_batch: 2048 }, { n_batch: 512 }, "n_batch: 2048 / 512"],
    [{ n_threads: 8 }, { n_threads: 16 }, "n_threads: 8 / 16"],
    [{ n_ctx: 512 }, { n_ctx: 4096 }, "n_ctx: 512 / 4096"],
    [{ weights: "real" }, { weights: "synthetic" }, "weights: real / synthetic"],
    [{ weights: null }, { weights: "synthetic" }, "weights: unknown / synthetic"],
    [{ power_source: "ac" }, { power_source: "battery" }, "power_source: ac / battery"],
    [
      { model_sha256: "aaaaaaaaaaaabbbb" },
      { model_sha256: "ccccccccccccdddd" },
      "model_sha256: aaaaaaaaaaaa / cccccccccccc",
    ],
    [
      { build_commit: "4426e298" },
      { build_commit: "bcdee0da" },
      "build: b6000 (4426e298) / b6000 (bcdee0da)",
    ],
  ] as const)("lists %j against %j", (a, b, text) => {
    expect(listed(a, b)).toEqual(text.startsWith("build") ? [] : [text]);
  });

  it("lists nothing for what one side doesn't say", () => {
    expect(listed({ flash_attn: null, n_batch: null }, { flash_attn: 1, n_batch: 512 })).toEqual(
      [],
    );
  });

  it("lists nothing for commits that are the same, shortened differently", () => {
    const a = { engine_version: null, build_commit: "4426e298" };
    expect(listed(a, { ...a, build_commit: "4426e29812345" })).toEqual([]);
  });
});
