import { describe, expect, it } from "vitest";
import { machinesOf } from "../../../../src/compare/machines.ts";
import { budgetLines } from "../../../../src/reporters/compare/figures/budgets.ts";
import { dodge } from "../../../../src/reporters/compare/figures/dodge.ts";
import { sizeFigure } from "../../../../src/reporters/compare/figures/size.ts";
import { drawSvg } from "../../../../src/reporters/compare/svg.ts";
import { gib, misfit, row } from "../../../compare/rows.ts";

const machines = (budgets: readonly number[]) =>
  machinesOf(
    budgets.map((budget, at) => ({
      file: `${at}.csv`,
      cases: [row({ machine: `m${at}`, gpu_budget_bytes: budget * gib })],
    })),
  );

/** Pixels of the first `length` that each line covers. */
const covered = (lines: ReturnType<typeof budgetLines>, length: number) =>
  lines.map(({ dash: [on, off], dashOffset }) =>
    Array.from({ length }, (_, y) => y).filter((y) => (y + dashOffset) % (on + off) < on),
  );

describe("budget lines", () => {
  it("of one size take turns, so that none covers another", () => {
    const lines = budgetLines(machines([48, 24, 48, 48]), 2);
    const [alone, ...same] = covered(lines, 300);
    expect(alone?.length).toBeGreaterThan(150);
    expect(same).toHaveLength(3);
    expect(new Set(same.flat()).size).toBe(same.flat().length);
    for (const pixels of same) expect(pixels.length).toBeGreaterThan(50);
  });

  it("name on hovering all that stand in one place", () => {
    const said = budgetLines(machines([48, 24, 48.2]), 2).map((line) => line.said);
    expect(said).toEqual(["m1: 24.0 GiB", ...Array(2).fill("m0: 48.0 GiB, m2: 48.2 GiB")]);
  });
});

describe("points of one place", () => {
  it("stand side by side, and others stay where they are", () => {
    const at = { x: 10, y: 10 };
    const [first, second, third, elsewhere] = dodge([at, at, at, { x: 10, y: 60 }]);
    expect(first).toBe(0);
    expect(elsewhere).toBe(0);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it("are filled where the GPU held the model, if only at a short context", async () => {
    const given = { machine: "m", fit_ctx: 8192, fit_at_ctx: "partial" } as const;
    const rows = [
      row({ ...given, weights_bytes: 7 * gib }),
      row({ ...given, quantization: "q8_0", weights_bytes: 9 * gib, n_gpu_layers: 20 }),
    ];
    const figure = sizeFigure(machinesOf([{ file: "m", cases: rows }]));
    const svg = figure === null ? "" : await drawSvg(figure.spec, "size");
    const filled = [...svg.matchAll(/fill-opacity="(\d)"[^>]*><title>/g)].map(
      ([, opacity]) => opacity,
    );
    expect(filled).toEqual(["1", "0"]);
  });

  it("of models that no machine ran have a lane for each", async () => {
    const files = ["a", "b"].map((machine) => ({
      file: machine,
      cases: [
        row({ machine, quantization: "q8_0", weights_bytes: 7 * gib }),
        misfit({ machine, weights_bytes: 40 * gib }),
      ],
    }));
    const figure = sizeFigure(machinesOf(files));
    const svg = figure === null ? "" : await drawSvg(figure.spec, "size");
    const crosses = [...svg.matchAll(/transform="(translate\([^)]*\))"[^>]*><title>[^<]*not on/g)];
    expect(new Set(crosses.map(([, place]) => place)).size).toBe(2);
  });
});
