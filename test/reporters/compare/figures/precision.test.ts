import { describe, expect, it } from "vitest";
import { comparedMachines } from "../../../../src/compare/comparison.ts";
import { machinesOf } from "../../../../src/compare/machines.ts";
import { precisionFigure } from "../../../../src/reporters/compare/figures/precision.ts";
import { isMeasured, type CaseRecord } from "../../../../src/bench/record.ts";
import { testName } from "../../../../src/bench/workload.ts";
import { compareReference } from "../../../compare/reference.ts";
import { gib, misfit, row, type Columns } from "../../../compare/rows.ts";

const figureOf = (...files: readonly (readonly CaseRecord[])[]) =>
  precisionFigure(machinesOf(files.map((cases, at) => ({ file: `${at}.csv`, cases }))));

const at = (quantization: string, speed: number, given: Columns = {}) => {
  const size = { f16: 12.6, q8_0: 6.7, q4_0: 3.6 }[quantization] ?? 1;
  return row({ quantization, avg_ts: speed, weights_bytes: size * gib, ...given });
};
const deep = { test: "tg128 @ d16384", n_depth: 16_384 };
const longer = { test: "tg512", n_gen: 512 };
const mac = { machine: "mac", backend: "metal" } as const;

describe("the speed-up of lower precision", () => {
  it("never compares different tests", () => {
    expect(figureOf([at("f16", 10, deep), at("q4_0", 60)])).toBeNull();
    const figure = figureOf([at("f16", 10, deep), at("q8_0", 30), at("q4_0", 60)]);
    expect(figure?.facts).toEqual(["llama-2-7b q4_0 (4.59 bits per weight), rtx: ×2.00 of q8_0"]);
  });

  it("is that of one test, which most bars share, and its title names it", () => {
    const figure = figureOf(
      [at("f16", 20), at("q4_0", 60), at("f16", 19, longer), at("q4_0", 38, longer)],
      [at("f16", 10, { ...mac, ...longer }), at("q4_0", 25, { ...mac, ...longer })],
    );
    expect(figure?.title).toContain("tg512");
    expect(figure?.facts.map((text) => text.split(", ")[1])).toEqual([
      "rtx: ×2.00 of f16",
      "mac: ×2.50 of f16",
    ]);
  });

  it("of the published machines is of one test too", async () => {
    const machines = comparedMachines(await compareReference(["m3-max-40c-64gb", "rtx-4090-24gb"]));
    const figure = precisionFigure(machines);
    expect(figure?.title).toContain("tg512");
    expect(figure?.facts.some((text) => text.includes("llama-3-8b q4_k_m"))).toBe(true);
    for (const { label, cases } of machines) {
      const speed = (quantization: string) =>
        cases
          .filter(isMeasured)
          .find(
            ({ model, workload }) =>
              `${model.id} ${model.quantization} ${testName(workload)}` ===
              `llama-3-8b ${quantization} tg512`,
          )?.summary.mean ?? 0;
      const ratio = (speed("q4_k_m") / speed("f16")).toPrecision(3);
      expect(figure?.facts.join("\n")).toContain(`${label}: ×${ratio} of f16`);
    }
  });

  it("falls back to another test for a model that lacks it, and names it there", () => {
    const other = { model: "llama-2-13b", ...longer };
    const figure = figureOf(
      [at("f16", 20), at("q8_0", 30), at("q4_0", 60)].concat(
        at("f16", 10, other),
        at("q4_0", 40, other),
      ),
    );
    expect(figure?.title).toContain("tg128");
    expect(figure?.facts.at(-1)).toMatch(/^llama-2-13b q4_0 \(.*\), tg512, rtx: ×4\.00 of f16$/);
  });

  it("says of each machine why it has none", () => {
    const none = (rows: readonly CaseRecord[]) =>
      figureOf([at("f16", 20), at("q4_0", 60)], rows)
        ?.facts.at(-1)
        ?.split("mac: ")[1];
    expect(none([at("q4_0", 20, mac)])).toBe("nothing more precise ran in tg128");
    expect(none([at("q4_0", 20, { ...mac, ...longer })])).toBe("no tg128 in its file");
    expect(none([at("f16", 20, mac)])).toBe("not in its file");
    expect(none([at("q4_0", 20, { ...mac, n_gpu_layers: 0 })])).toBe("runs on the CPU");
    expect(none([misfit({ ...mac, kv_bytes: gib, n_ctx: 512, gpu_budget_bytes: 4 * gib })])).toBe(
      "not on its GPU: 4.6 of 4.0 GiB at 512 tokens",
    );
    expect(none([at("f16", 9, { ...mac, type_k: "q8_0" }), at("q4_0", 20, mac)])).toBe(
      "other type_k",
    );
  });

  it("knows which is the lower precision where parameters are unknown, and names no bits", () => {
    const unknown = { model_n_params: null };
    const figure = figureOf([at("q4_0", 60, unknown), at("f16", 30, unknown)]);
    expect(figure?.facts).toEqual(["llama-2-7b q4_0, rtx: ×2.00 of f16"]);
  });
});
