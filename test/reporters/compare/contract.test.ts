import { expect, it } from "vitest";
import { pairJson } from "../../../src/reporters/compare/contract.ts";
import { compareRows, mac, row } from "../../compare/rows.ts";

it("a comparison has the contract's shape", () => {
  const [pair] = compareRows([[row()], [row({ ...mac, samples_ts: [50, 50.5, 49.5] })]]).pairs.map(
    pairJson,
  );
  expect(Object.keys(pair ?? {})).toEqual(
    "model quantization test baseline other settings_differ results ratio ratio_low ratio_high verdict winner basis metric unit better".split(
      " ",
    ),
  );
  expect(Object.keys(pair?.results[0] ?? {})).toEqual(
    "machine status fit placement n_gpu_layers n_layers avg_ts ci95_low_ts ci95_high_ts value value_low value_high".split(
      " ",
    ),
  );
  expect(pair).toMatchObject({ ratio: 0.5, verdict: "faster", winner: "rtx" });
});

it("a pair is told in its own metric, and each side's value with its interval", () => {
  const given = [{}, { test: "pp512" }, { test: "pp512+tg128" }];
  const pairs = compareRows([
    given.map((columns) => row(columns)),
    given.map((columns) => row({ ...mac, ...columns })),
  ]).pairs.map(pairJson);
  expect(pairs.map(({ metric, unit, better }) => [metric, unit, better])).toEqual([
    ["pp_ts", "t/s", "higher"],
    ["tg_ts", "t/s", "higher"],
    ["pg_ts", "t/s", "higher"],
  ]);
  for (const { results } of pairs)
    for (const result of results) {
      expect(result.value).toBe(result.avg_ts);
      expect(result.value_low).toBe(result.ci95_low_ts);
      expect(result.value_high).toBe(result.ci95_high_ts);
      expect(result.value_low).toBeLessThan(100);
    }
});
