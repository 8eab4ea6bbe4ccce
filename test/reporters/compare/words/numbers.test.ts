/** Every number of the answer, reckoned again from the published CSVs and from what `fit` predicts. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { headlineOf, decisiveModel } from "../../../../src/compare/headline/headline.ts";
import { usualFitSettings } from "../../../../src/fit/memorySettings.ts";
import { predictSpeed } from "../../../../src/predict/predictSpeed.ts";
import { headlineSentences } from "../../../../src/reporters/compare/words/headline.ts";
import { fit } from "../../../../src/usecases/fit/fit.ts";
import { speedQuestion } from "../../../../src/usecases/fit/fitCells.ts";
import { offloadOf } from "../../../../src/usecases/predictOffload.ts";
import { compareReference } from "../../../compare/reference.ts";

const [mac, rtx] = ["m3-max-40c-64gb", "rtx-4090-24gb"];

type Row = Readonly<Record<string, string>>;

function rowsOf(machine: string): Row[] {
  const file = new URL(`../../../../reports/reference/${machine}.csv`, import.meta.url);
  return parse(readFileSync(fileURLToPath(file), "utf8"), { columns: true });
}

/** t/s by model, quantization and test, of what ran wholly on the GPU. */
function speedsOf(machine: string): Map<string, number> {
  const ran = rowsOf(machine).filter(
    ({ status, n_gpu_layers: gpu, n_layers: all }) =>
      status === "measured" && Number(gpu) > Number(all),
  );
  return new Map(
    ran.map((row) => [
      `${row["model"]} ${row["quantization"]} ${row["test"]}`,
      Number(row["avg_ts"]),
    ]),
  );
}

const three = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const span = (values: readonly number[]) => {
  const [low, high] = [three(Math.min(...values)), three(Math.max(...values))];
  return low === high ? low : `${low}–${high}`;
};

/** Numbers as they are printed: `2.43–3.06`, `132`. */
function numbersOf(text: string): string[] {
  const names = /llama-3-\S+|q\d\S*|\bf16\b|m3-max-40c-64gb|rtx-4090-24gb|\bb\d{4}\b/gu;
  return [...text.replaceAll(names, "").matchAll(/\d+(?:\.\d+)?(?:–\d+(?:\.\d+)?)?/gu)].map(
    ([number]) => number,
  );
}

async function answer(): Promise<string[]> {
  const comparison = await compareReference([mac, rtx]);
  const predict = await offloadOf(decisiveModel(comparison));
  return headlineSentences(headlineOf(comparison, predict));
}

describe("the numbers of the answer", () => {
  it("of what both hold are the lowest and the highest ratio of the CSVs", async () => {
    const [shared = ""] = await answer();
    const [own, other] = [speedsOf(mac), speedsOf(rtx)];
    const ratios = (kind: string) =>
      [...own].flatMap(([key, speed]) => {
        const theirs = other.get(key);
        return theirs === undefined || !key.includes(` ${kind}`) ? [] : [theirs / speed];
      });
    expect(numbersOf(shared)).toEqual([span(ratios("tg")), span(ratios("pp"))]);
  });

  it("of what one alone holds are its rows, and what fit predicts of the other", async () => {
    const [, alone = ""] = await answer();
    const own = [...speedsOf(mac)].filter(([key]) => key.startsWith("llama-3-70b q4_k_m"));
    const written = own.filter(([key]) => key.includes(" tg")).map(([, speed]) => speed);
    const read = new Map(own).get("llama-3-70b q4_k_m pp8192") ?? Number.NaN;

    const settings = { ...usualFitSettings, nCtx: 8592 };
    const [cell] = await fit({
      models: ["llama-3.1-70b"],
      quantizations: ["q4_k_m"],
      machines: [rtx],
      settings,
      formula: true,
    });
    if (cell?.machine.speed == null) throw new Error("fit knows the machine and the model");
    const { model, verdict, machine } = cell;
    const predicted = (nPrompt: number, nGen: number, nDepth: number) => {
      const question = speedQuestion(model, settings, verdict.nGpuLayers, {
        nPrompt,
        nGen,
        nDepth,
      });
      return machine.speed === null ? null : predictSpeed(question, machine.speed);
    };
    const [first, last] = [predicted(0, 1, 0), predicted(0, 1, 8192)];
    const [prompt, word] = [predicted(8192, 0, 0)?.prefill, predicted(0, 1, 8192)];
    if (!first || !last || !prompt || !word) throw new Error("all of them are predicted");
    const cpuLayers = verdict.nLayers + 1 - verdict.nGpuLayers;
    expect(numbersOf(alone)).toEqual([
      span(written),
      "8192",
      three(8192 / read),
      String(cpuLayers),
      String(verdict.nLayers + 1),
      span([last.low, first.high]),
      "8192",
      span([8192 / prompt.high, 8192 / prompt.low]),
    ]);
  });

  it("of where they are from are the rows' builds, month, source and budgets", async () => {
    const lines = await answer();
    const origin = lines.at(-1) ?? "";
    const told = [mac, rtx].flatMap((machine) =>
      rowsOf(machine).filter(({ model }) => /^llama-3-(?:8b|70b)$/u.test(model ?? "")),
    );
    const measured = told.filter(
      ({ quantization, status }) => quantization !== "iq2_m" && status === "measured",
    );
    const builds = new Set(measured.map(({ engine_version: version }) => version));
    for (const build of builds) expect(origin).toContain(build);
    expect(new Set(measured.map(({ test_time: month }) => month))).toEqual(new Set(["2024-05"]));
    expect(origin).toContain("May 2024");
    for (const { source = "" } of measured) expect(origin).toContain(source.split("@")[0]);
    for (const { gpu_budget_bytes: budget } of measured)
      expect(origin).toContain(`${(Number(budget) / 2 ** 30).toFixed(1)} GiB`);
  });
});
