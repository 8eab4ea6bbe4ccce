import { describe, expect, it } from "vitest";
import { customMix } from "../../../src/compare/answers/mixes.ts";
import type { Clock } from "../../../src/compare/sizes/clocks.ts";
import type { Runners } from "../../../src/compare/sizes/runners.ts";
import { SizeGrid } from "../../../src/compare/sizes/sizeGrid.ts";
import { unsureShare, winnerMap } from "../../../src/compare/sizes/winnerMap.ts";
import { FitTrial } from "../../../src/fit/fitTrial.ts";
import { usualFitSettings } from "../../../src/fit/memorySettings.ts";
import type { FamilyName } from "../../../src/predict/families/families.ts";
import { modelOfSize } from "../../../src/predict/families/modelOfSize.ts";
import { predictSpeed } from "../../../src/predict/predictSpeed.ts";
import { gib, runnersOf, widened } from "./runners.ts";

const range = { from: 8 * gib, to: 80 * gib };
const sizes = new SizeGrid(range);
const contexts = [1024, 32_768];
const clocks: readonly Clock[] = [
  { kind: "writing" },
  { kind: "answer", mix: customMix(6000, 400) },
  { kind: "answer", mix: customMix(100, 2000) },
];

/** By `fit`'s arithmetic, step by step: the machine's label and the seconds that it takes. */
function clockOf(
  runners: Runners,
  clock: Clock,
  family: FamilyName,
  weightsBytes: number,
  tokens: number,
): (readonly [label: string, seconds: number])[] {
  const model = modelOfSize(family, weightsBytes);
  return runners.all.flatMap(({ label, predicted: { budget, host, speed } }) => {
    const settings = { ...usualFitSettings, nCtx: tokens };
    const placed = new FitTrial(model, settings, budget, { host }).best("rough");
    if (placed === null) return [];
    const ask = (nPrompt: number, nGen: number, nDepth: number) =>
      predictSpeed(
        {
          ...settings,
          model,
          quantization: "q4_k_m",
          nGpuLayers: placed.gpuLayers,
          flashAttention: true,
          nPrompt,
          nGen,
          nDepth,
        },
        speed,
      );
    if (clock.kind === "writing")
      return [[label, 1 / (ask(0, 1, tokens - 1)?.tg_ts ?? 0)] as const];
    const { promptTokens, outputTokens } = clock.mix;
    const read = Math.round((tokens * promptTokens) / (promptTokens + outputTokens));
    const seconds =
      read / (ask(read, 1, 0)?.pp_ts ?? 0) +
      (tokens - read) / (ask(0, tokens - read, read)?.tg_ts ?? 0);
    return [[label, seconds] as const];
  });
}

function winnerOf(times: ReturnType<typeof clockOf>): string | null {
  const [first] = times.toSorted(([, a], [, b]) => a - b);
  return first?.[0] ?? null;
}

const bordersOf = (runners: Runners) =>
  winnerMap(runners, sizes, { family: "dense", clock: { kind: "writing" } }, contexts).rows.map(
    ({ stretches }) =>
      stretches.flatMap(({ from, winner }, i) =>
        i > 0 && stretches[i - 1]?.winner !== winner ? [Math.log(from)] : [],
      ),
  );

describe("the winner map", () => {
  it.each(clocks)(
    "has its border where the clock of the predictions flips: $kind $mix.promptTokens",
    async (clock) => {
      const runners = await runnersOf();
      let borders = 0;
      for (const family of ["dense", "mixture"] as const) {
        const { rows } = winnerMap(runners, sizes, { family, clock }, contexts);
        for (const { contextTokens, stretches } of rows) {
          for (const [i, { from, to, winner }] of stretches.entries()) {
            const before = stretches[i - 1];
            const here = (bytes: number) =>
              winnerOf(clockOf(runners, clock, family, bytes, contextTokens));
            expect(here(Math.sqrt(from * to))).toBe(winner);
            if (before === undefined || before.winner === winner) continue;
            borders += 1;
            expect(here(from / 1.03)).toBe(before.winner);
            expect(here(from * 1.03)).toBe(winner);
          }
        }
      }
      expect(borders).toBeGreaterThan(0);
    },
  );

  it("covers all sizes without a gap", async () => {
    const { rows } = winnerMap(
      await runnersOf(),
      sizes,
      { family: "dense", clock: { kind: "writing" } },
      contexts,
    );
    for (const { stretches } of rows) {
      expect(stretches[0]?.from).toBeCloseTo(range.from, -2);
      expect(stretches.at(-1)?.to).toBeCloseTo(range.to, -2);
      for (const [i, { from, to }] of stretches.entries()) {
        expect(to).toBeGreaterThan(from);
        expect(from).toBe(stretches[i - 1]?.to ?? stretches[0]?.from);
      }
    }
  });

  it("is hatched the more, the wider the predictions' ranges are", async () => {
    for (const clock of clocks.slice(0, 2)) {
      const shares: number[] = [];
      for (const factor of [0.25, 1, 3]) {
        const runners = await runnersOf(undefined, widened(factor));
        const map = winnerMap(runners, sizes, { family: "dense", clock }, contexts);
        shares.push(unsureShare(map));
      }
      const [narrow = 0, usual = 0, wide = 0] = shares;
      expect(narrow).toBeLessThan(usual);
      expect(usual).toBeLessThan(wide);
    }
  });

  it("keeps its borders when ranges widen", async () => {
    const [usual, wide] = [
      bordersOf(await runnersOf()),
      bordersOf(await runnersOf(undefined, widened(3))),
    ];
    for (const [i, row] of usual.entries())
      for (const [at, border] of row.entries()) expect(wide[i]?.[at]).toBeCloseTo(border, 1);
  });

  it("says who alone holds it between the two budgets, and of nobody above both", async () => {
    const runners = await runnersOf();
    const [row] = winnerMap(
      runners,
      sizes,
      { family: "dense", clock: { kind: "writing" } },
      [1024],
    ).rows;
    const holderAt = (bytes: number) =>
      row?.stretches.find(({ from, to }) => from <= bytes && bytes < to)?.onlyHolder;
    expect(holderAt(12 * gib)).toBeNull();
    expect(holderAt(30 * gib)).toBe("m3-max-40c-64gb");
    expect(holderAt(55 * gib)).toBeNull();
  });
});
