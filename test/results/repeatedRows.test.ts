import { describe, expect, it } from "vitest";
import { isMeasured, type CaseRecord } from "../../src/bench/record.ts";
import { logValueOf } from "../../src/compare/judge/logValue.ts";
import { joinRepeats } from "../../src/results/repeatedRows.ts";
import { caseOf, tested, unknownRow } from "./rows.ts";

type Given = Parameters<typeof caseOf>[0];

function told(given: Given): CaseRecord {
  return caseOf({
    ...unknownRow,
    ...tested({ n_gen: 128 }),
    schema_version: 1,
    run_id: "llama-bench",
    case_id: "one",
    status: "measured",
    machine: "box",
    engine: "llama.cpp",
    model: "llama-2-7b",
    launches: 1,
    ...given,
  });
}

const rows = (given: readonly Given[], invocations: readonly number[] = []) =>
  given.map((one, at) => ({ record: told(one), invocation: invocations[at] ?? null }));

function joined(given: readonly Given[], invocations?: readonly number[]) {
  const { cases, notes } = joinRepeats(rows(given, invocations));
  return { cases: cases.filter(isMeasured), notes };
}

const launchesOf = (given: readonly Given[]) =>
  joined(given).cases.map(({ summary }) => summary.launches);

const samples = (mean: number) => ({
  avg_ts: mean,
  avg_ns: 128e9 / mean,
  stddev_ts: 1,
  repetitions: 2,
  samples_ts: [mean - 1, mean + 1],
});

describe("rows of one case in one file", () => {
  it("of one run are repetitions of one launch, as their means where no sample is told", () => {
    const speeds = [1800, 1750, 1500, 1250, 1200];
    const { cases, notes } = joined(speeds.map((avg_ts) => ({ avg_ts, stddev_ts: 9 })));
    expect(cases).toHaveLength(1);
    expect(cases[0]?.summary).toMatchObject({
      launches: 1,
      repetitions: 5,
      mean: 1500,
      min: 1200,
      max: 1800,
      values: [],
    });
    expect(cases[0]?.summary.sd).toBeCloseTo(276.13, 1);
    expect(notes).toEqual([
      "llama-2-7b tg128: 5 rows were joined as repetitions of one run, 1200 to 1800 t/s around 1500",
    ]);
  });

  it("of several runs are launches, with all samples", () => {
    const { cases, notes } = joined([samples(100), samples(110), samples(90)], [0, 1, 2]);
    expect(cases[0]).toMatchObject({
      launches: [{ values: [99, 101] }, { values: [109, 111] }, { values: [89, 91] }],
      summary: { launches: 3, repetitions: 6, mean: 100, values: [99, 101, 109, 111, 89, 91] },
    });
    expect(notes).toEqual([
      "llama-2-7b tg128: 3 rows were joined as 3 launches, 89 to 111 t/s around 100",
    ]);
  });

  it("of several runs without samples have the interval of their means", () => {
    const { cases } = joined(
      [100, 110, 90].map((avg_ts) => ({ avg_ts, stddev_ts: 1 })),
      [0, 1, 2],
    );
    // Student's t of 2 degrees of freedom over a standard deviation of 10.
    expect(cases[0]?.summary.ci95?.high).toBeCloseTo(100 + (4.3027 * 10) / Math.sqrt(3), 2);
    const [record] = cases;
    expect(record && logValueOf(record).uncertainty?.source).toEqual({
      kind: "launches",
      launches: 3,
    });
  });

  it("of one run are known no better than their means scatter, however many samples they have", () => {
    const { cases } = joined([samples(100), samples(110), samples(90)], [4, 4, 4]);
    expect(cases[0]?.summary).toMatchObject({ launches: 1, repetitions: 6 });
    expect(cases[0]?.summary.ci95?.high).toBeGreaterThan(100 + (4.3027 * 10) / Math.sqrt(3) - 0.01);
  });

  it("are told apart into runs by their order and times where the text doesn't say", () => {
    const pp = { ...tested({ n_prompt: 512 }), avg_ts: 1000, stddev_ts: 1 };
    const tg = { avg_ts: 100, stddev_ts: 1 };
    expect(launchesOf([pp, tg, pp, tg])).toEqual([2, 2]);
    expect(launchesOf([pp, pp, tg])).toEqual([1, 1]);
    const [later, earlier] = ["2025-09-28T10:00:05Z", "2025-09-28T10:00:00Z"];
    expect(
      launchesOf([
        { ...tg, test_time: later },
        { ...tg, avg_ts: 99, test_time: earlier },
      ]),
    ).toEqual([2]);
  });

  it("that are one measurement, pasted twice, count once", () => {
    const one = { ...samples(100), test_time: "2025-09-28T10:00:00Z" };
    const { cases, notes } = joined([one, one], [0, 1]);
    expect(cases[0]?.summary).toMatchObject({ launches: 1, repetitions: 2, mean: 100 });
    expect(notes).toEqual([
      "llama-2-7b tg128: one row counts; 1 that tell the same measurement again are left out",
    ]);
  });

  it("with other settings, builds or tests are none of one case", () => {
    const base = { avg_ts: 100, stddev_ts: 1 };
    const others: Given[] = [
      { devices: "CUDA0" },
      { devices: "CUDA0/CUDA1" },
      { other_settings: ["fit_min_ctx=100000"] },
      { other_settings: ["fit_min_ctx=200000"] },
      { tensor_overrides: "exps=CPU" },
      { flash_attn: 1 },
      { build_commit: "abc1234" },
      { machine: "other" },
      tested({ n_gen: 256 }),
    ];
    const { cases, notes } = joined([base, ...others.map((one) => ({ ...base, ...one }))]);
    expect(cases).toHaveLength(others.length + 1);
    expect(notes).toEqual([]);
  });
});

describe("± 0.00 in a table", () => {
  const zero = { avg_ts: 178, stddev_ts: 0.005 };

  it("tells no spread where no case of its run has one: each was measured once", () => {
    const pp = { ...tested({ n_prompt: 512 }), avg_ts: 5000, stddev_ts: 0 };
    expect(joined([zero, pp]).cases.map(({ summary }) => summary.sd)).toEqual([null, null]);
  });

  it("is a real spread below half a hundredth where another case of its run has more", () => {
    const pp = { ...tested({ n_prompt: 512 }), avg_ts: 5000, stddev_ts: 12 };
    expect(joined([{ ...zero, stddev_ts: 0 }, pp]).cases.map(({ summary }) => summary.sd)).toEqual([
      0.005, 12,
    ]);
  });

  it("of one run says nothing of another", () => {
    const pp = { ...tested({ n_prompt: 512 }), avg_ts: 5000, stddev_ts: 12 };
    expect(joined([zero, pp], [0, 1]).cases.map(({ summary }) => summary.sd)).toEqual([null, 12]);
  });
});
