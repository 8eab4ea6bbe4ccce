/** What to buy, and what it costs. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadMachines } from "../../src/machine/machineCatalogue.ts";
import { readBoxPrices } from "../../src/predict/boxPrices.ts";
import { fastEnough } from "../../src/predict/fastEnough.ts";
import type { SpeedPrediction } from "../../src/predict/predictSpeed.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-prices-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function prices(text: string) {
  const path = join(folder, "prices.yaml");
  writeFileSync(path, text);
  return readBoxPrices(path, loadMachines());
}

function predicted(tg_ts: number, low = tg_ts / 1.1): SpeedPrediction {
  const decode = { tg_ts, low, high: tg_ts * 1.1, basis: "published" } as const;
  return { ...decode, pp_ts: null, decode, prefill: null };
}

const candidates = [
  { machine: "m3-max-40c-64gb", predicted: predicted(7.5) },
  { machine: "2x-rtx-4090-24gb", predicted: predicted(19) },
  { machine: "rtx-4090-24gb", predicted: predicted(3) },
  { machine: "m1-8c-8gb", predicted: null },
];

describe("fastEnough", () => {
  it("lists what reaches the speed, fastest first, and says what may miss it", () => {
    const { bySpeed, byPrice } = fastEnough(candidates, 7);
    expect(bySpeed.map(({ machine, sure }) => [machine, sure])).toEqual([
      ["2x-rtx-4090-24gb", true],
      ["m3-max-40c-64gb", false],
    ]);
    expect(byPrice).toBeNull();
  });

  it("lists the cheapest first where prices are given, without those that have none", () => {
    const known = prices("currency: EUR\ndate: 2026-11-01\nboxes:\n  m3-max-40c-64gb: 3900\n");
    const { bySpeed, byPrice } = fastEnough(candidates, 7, known);
    expect(bySpeed).toHaveLength(2);
    expect(byPrice?.map(({ machine }) => machine)).toEqual(["m3-max-40c-64gb"]);
    expect(byPrice?.[0]?.price).toEqual({ amount: 3900, currency: "EUR", date: "2026-11-01" });
  });
});

describe("readBoxPrices", () => {
  it("takes a date of its own for a box, and aliases", () => {
    const known = prices(
      "currency: USD\ndate: 2026-11-01\nboxes:\n  dgx-spark: { price: 3999, date: 2026-10-02 }\n",
    );
    expect(known.get("gb10-128gb")).toEqual({ amount: 3999, currency: "USD", date: "2026-10-02" });
  });

  it("wants a date, a currency, and machines that exist", () => {
    expect(() => prices("currency: EUR\nboxes: {}\n")).toThrow(/date/);
    expect(() => prices("currency: euro\ndate: 2026-11-01\nboxes: {}\n")).toThrow(/EUR/);
    expect(() => prices("currency: EUR\ndate: 2026-11-01\nboxes:\n  rtx-4090-24bg: 1\n")).toThrow(
      /did you mean rtx-4090-24gb/,
    );
    expect(() => prices("currency: EUR\ndate: 2026-11-01\nboxes:\n  rtx-4090-24gb: -1\n")).toThrow(
      /boxes/,
    );
  });
});
