import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backends } from "../../src/bench/backends.ts";
import { powerSources } from "../../src/bench/conditions.ts";
import { fits, memoryBases } from "../../src/bench/fit.ts";
import { ramSources } from "../../src/bench/ramBandwidth.ts";
import { statuses, type Status } from "../../src/bench/statuses.ts";
import { stopReasons } from "../../src/bench/stopReasons.ts";
import { weightsKinds } from "../../src/bench/weights.ts";
import { ownMetric, testName, workloadOf, type Workload } from "../../src/bench/workload.ts";
import type { PartName } from "../../src/results/columns/column.ts";
import { columnNames, columns, type ColumnName } from "../../src/results/columns/columns.ts";
import { cellKinds } from "../../src/results/csvCell.ts";
import { recordOf } from "../../src/results/recordOf.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { lineRowOf, rowOf } from "../../src/results/rowOf.ts";
import { schemaVersion } from "../../src/results/schemaVersion.ts";
import { lineOf, measured, unmeasured, written } from "./journals.ts";
import { unknownRow } from "./rows.ts";

type Row = Record<string, unknown>;

const someText = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("drift", "crashed: x"));

const enumerated = [
  ...backends,
  ...powerSources,
  ...fits,
  ...memoryBases,
  ...weightsKinds,
  ...stopReasons,
  ...ramSources,
];

/** Any value that a column's schema takes, unknown included. */
function valueOf(name: ColumnName): fc.Arbitrary<unknown> {
  const takes = (value: unknown): boolean => columns[name].schema.safeParse(value).success;
  const values: Record<(typeof cellKinds)[ColumnName], () => fc.Arbitrary<unknown>> = {
    text: () => (takes("\u0000") ? someText : fc.constantFrom(...enumerated.filter(takes))),
    number: () =>
      takes(0.5)
        ? fc.double({ noNaN: true, noDefaultInfinity: true, min: takes(-1) ? -1e300 : 1e-300 })
        : fc.maxSafeInteger(),
    texts: () => fc.array(someText),
    numbers: () => fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-300 })),
  };
  const value = values[cellKinds[name]]();
  return takes(null) ? fc.option(value) : value;
}

const inParts = (...parts: readonly PartName[]): ColumnName[] =>
  columnNames.filter((name) => parts.some((part) => columns[name].place?.part === part));

const recordOfValues = (names: readonly ColumnName[]): fc.Arbitrary<Row> =>
  fc.record(Object.fromEntries(names.map((name) => [name, valueOf(name)])));

const length = fc.integer({ min: 0, max: 100_000 });

const knownWorkload = fc
  .record({
    prompt: length,
    generated: length,
    depth: length,
    parallel: fc.integer({ min: 1, max: 64 }),
  })
  .filter(({ prompt, generated }) => prompt + generated > 0)
  .map(workloadOf);

const anyWorkload: fc.Arbitrary<Workload> = fc.oneof(
  knownWorkload,
  fc.record({
    kind: fc.constant("unknown" as const),
    name: fc.string().map((name) => `a test of later: ${name}`),
    prompt: length,
    generated: length,
    depth: length,
    parallel: fc.integer({ min: 1, max: 64 }),
    metric: fc.option(someText),
    unit: fc.constantFrom("t/s", null),
  }),
);

const lengthOf = (workload: Workload, key: "prompt" | "generated"): number =>
  key in workload ? ((workload as unknown as Record<string, number>)[key] ?? 0) : 0;

function workloadColumns(workload: Workload): Row {
  const { kind } = workload;
  const metric = kind === "unknown" ? workload.metric : ownMetric(workload);
  return {
    test: testName(workload),
    n_prompt: lengthOf(workload, "prompt"),
    n_gen: lengthOf(workload, "generated"),
    n_depth: workload.depth,
    n_parallel: workload.parallel > 1 ? workload.parallel : null,
    metric,
    unit: kind === "unknown" ? workload.unit : "t/s",
  };
}

/** Whatever came of a case, this may be any of its values. */
const facts = fc
  .tuple(
    recordOfValues(inParts("case", "machine", "engine", "model", "settings", "fit", "memory")),
    fc.record({
      model: someText.filter((text) => text !== ""),
      no_kv_offload: fc.constantFrom(0, 1, null),
      flash_attn: fc.constantFrom(0, 1, null),
      warnings: fc.array(someText),
      output_nmse: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      llama_bench: fc.option(someText),
    }),
    anyWorkload.map(workloadColumns),
  )
  .map((parts): Row => Object.assign({ schema_version: schemaVersion }, ...parts) as Row);

const speeds = [
  "stddev_ts",
  "median_ts",
  "mad_ts",
  "min_ts",
  "max_ts",
  "sd_within_ts",
  "sd_between_ts",
  "samples_ts",
] as const satisfies readonly ColumnName[];

const seconds = fc.double({ noNaN: true, min: 0, max: 1e6 });

const interval = fc
  .option(
    fc.tuple(
      fc.double({ noNaN: true, max: 10, min: -10 }),
      fc.double({ noNaN: true, min: 10, max: 100 }),
    ),
  )
  .map((ends) => ({ ci95_low_ts: ends?.[0] ?? null, ci95_high_ts: ends?.[1] ?? null }));

const sustained = fc.option(
  fc.tuple(
    recordOfValues(inParts("sustained")),
    fc.record({ sustain_s: seconds, speed_over_time: fc.array(fc.tuple(seconds, seconds)) }),
  ),
);

const launches = fc
  .array(
    fc.record(
      {
        launch: fc.integer({ min: 1, max: 10 }),
        load_ms: seconds,
        warmup_ns: fc.array(seconds),
        samples_ns: fc.array(seconds),
        token_ns: fc.array(fc.tuple(seconds, fc.nat()), { minLength: 1 }),
        stopped_by: fc.constantFrom(...stopReasons),
        started_ns: fc.array(seconds),
        suspended: fc.integer({ min: 1, max: 9 }),
        cpu_ms: seconds,
      },
      { requiredKeys: ["launch", "load_ms", "warmup_ns", "samples_ns"] },
    ),
  )
  .map((launch_results) => ({
    launch_results,
    samples_ns: launch_results.flatMap((one) => one.samples_ns),
    warmup_ns: launch_results.flatMap((one) => one.warmup_ns),
  }));

const figures = fc
  .tuple(
    recordOfValues(inParts("summary", "tokenMs", "readings")),
    recordOfValues(speeds),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-300 }),
    interval,
    sustained,
    launches,
  )
  .map(([summary, ts, avg_ts, ci95, sustain, launched]): Row => {
    const named = { value: avg_ts, value_low: ci95.ci95_low_ts, value_high: ci95.ci95_high_ts };
    const own: Row = { avg_ts, ...named };
    return Object.assign(own, summary, ts, ci95, ...(sustain ?? []), launched) as Row;
  });

const ends: { readonly [Ended in Status]: fc.Arbitrary<Row> } = {
  measured: figures,
  ...(Object.fromEntries(
    statuses
      .filter((status) => status !== "measured")
      .map((status) => [
        status,
        fc.record({
          reason: fc.option(someText.filter((text) => text !== "")),
          stderr_tail: fc.array(someText),
        }),
      ]),
  ) as unknown as Record<Exclude<Status, "measured">, fc.Arbitrary<Row>>),
};

const buffers = fc.array(
  fc.record(
    {
      device: someText,
      weights_bytes: fc.nat(),
      weights_mapped_bytes: fc.nat(),
      weights_repacked_bytes: fc.nat(),
      kv_bytes: fc.nat(),
      compute_bytes: fc.nat(),
      output_bytes: fc.nat(),
    },
    { requiredKeys: ["device", "weights_bytes", "kv_bytes", "compute_bytes", "output_bytes"] },
  ),
);

const nothing = {
  ...unknownRow,
  samples_ns: [],
  warmup_ns: [],
  launch_results: [],
  buffers: [],
  output_nmse: null,
  speed_over_time: [],
  llama_bench: null,
  stderr_tail: [],
};

const otherUnit: fc.Arbitrary<Row> = fc
  .tuple(
    recordOfValues(inParts("summary", "tokenMs", "readings")),
    fc.record({
      test: fc.string().map((name) => `a test of later: ${name}`),
      metric: fc.option(someText),
      unit: fc.constantFrom("GB/s", "ms", "zz"),
      value: fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-300 }),
      value_samples: fc.array(fc.double({ noNaN: true, min: 1e-300, max: 1e300 })),
    }),
    interval.map(({ ci95_low_ts: value_low, ci95_high_ts: value_high }) => ({
      value_low,
      value_high,
    })),
    launches,
  )
  .map((parts): Row => Object.assign({}, ...parts) as Row);

it("a row of another unit is written as it was read, whatever is in it", () => {
  fc.assert(
    fc.property(facts, otherUnit, (known, figured) => {
      const row = { ...nothing, ...known, ...figured, status: "measured" };
      expect(rowOf(recordOf(row as unknown as JournalRow))).toEqual(row);
    }),
    { numRuns: 200, seed: 151 },
  );
});

describe.each(statuses)("a row that is %s", (status) => {
  it("is written as it was read, whatever is in it", () => {
    fc.assert(
      fc.property(facts, ends[status], buffers, (known, end, held) => {
        const row = { ...nothing, ...known, ...end, buffers: held, status };
        expect(rowOf(recordOf(row as JournalRow))).toEqual(row);
      }),
      { numRuns: 200, seed: 131 },
    );
  });
});

function launch(number: number, samples_ns: number[]) {
  return { launch: number, load_ms: 100, warmup_ns: [5e9], samples_ns };
}

describe("a row", () => {
  it("has the keys of the contract, columns first and in their order", () => {
    const keys = Object.keys(measured);
    expect(keys.slice(0, columnNames.length)).toEqual([...columnNames]);
    expect(keys.slice(columnNames.length)).toEqual([
      "samples_ns",
      "warmup_ns",
      "launch_results",
      "buffers",
      "output_nmse",
      "speed_over_time",
      "llama_bench",
      "stderr_tail",
    ]);
  });

  it("has in the journal what it has in the CSV, but for columns that nothing fills yet", () => {
    const { type: _, ...line } = lineOf(measured);
    expect(lineRowOf(recordOf(measured))).toEqual(line);
  });

  it("has the samples of all launches together, and the warm-up apart", () => {
    const launch_results = [launch(1, [1e9, 2e9]), launch(2, [1e9]), launch(3, [])];
    const row = written({ ...measured, launch_results });
    expect(row.samples_ns).toEqual([1e9, 2e9, 1e9]);
    expect(row.warmup_ns).toEqual([5e9, 5e9, 5e9]);
    expect(row.launch_results).toEqual(launch_results);
  });

  it("says the speed a second time under the metric's own name", () => {
    expect(measured).toMatchObject({ metric: "tg_ts", unit: "t/s", value: 66.31 });
    expect(measured).toMatchObject({ value_low: 64.9, value_high: 67.8 });
    expect(unmeasured({ status: "failed" })).toMatchObject({ metric: "tg_ts", value: null });
  });
});
