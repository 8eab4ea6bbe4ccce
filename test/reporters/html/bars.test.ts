import { expect, it } from "vitest";
import { charts } from "../../../src/reporters/html/bars.ts";
import { caseOf } from "../../results/rows.ts";

const metrics = { copy: "copy_gbps", read: "read_gbps", matmul: "matmul_tflops" } as const;

function measured(test: string, value: number) {
  const kind = (["copy", "read", "matmul"] as const).find((one) => test.startsWith(one)) ?? "copy";
  const metric = metrics[kind];
  const unit = kind === "matmul" ? "TFLOP/s" : "GB/s";
  const row = { n_prompt: 0, n_gen: 0, n_depth: 0, metric, unit, value };
  return caseOf({ status: "measured", machine: "epyc-24gb", backend: "cpu", test, ...row });
}

const labelsIn = (figure: string) =>
  [...figure.matchAll(/<li><span>([^<]*)<\/span>/g)].map(([, label]) => label);

it("types that are read stand in one picture, types of products in one for each size", () => {
  const drawn = charts([
    measured("copy", 20),
    measured("read f16", 30),
    measured("read q4_0", 20),
    measured("matmul4096 f16", 0.04),
    measured("matmul4096 q4_0", 0.13),
    measured("matmul512 q4_0", 0.12),
  ]);
  const figures = [...drawn.matchAll(/<figcaption>([^,]+),.*?<\/figure>/gs)];
  expect(figures.map(([text, name]) => [name, labelsIn(text)])).toEqual([
    ["copy", [""]],
    ["read", ["f16", "q4_0"]],
    ["matmul4096", ["f16", "q4_0"]],
    ["matmul512", ["q4_0"]],
  ]);
});
