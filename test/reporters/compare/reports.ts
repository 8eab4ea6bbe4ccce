/** Comparisons to tell of: the published one that the question is about, and one of hostile texts. */
import { testName } from "../../../src/bench/workload.ts";
import { mixes } from "../../../src/compare/answers/mixes.ts";
import { compareMachines } from "../../../src/compare/comparison.ts";
import { decisiveModel } from "../../../src/compare/headline/headline.ts";
import { machinesOf } from "../../../src/compare/machines.ts";
import { trainedTokens } from "../../../src/models/trainedTokens.ts";
import { comparisonReport } from "../../../src/reporters/compare/comparisonReport.ts";
import type {
  ComparisonReport,
  KnownOfModels,
} from "../../../src/reporters/compare/comparisonReport.ts";
import { drawFigures } from "../../../src/reporters/compare/figures/figures.ts";
import type { DrawnFigure } from "../../../src/reporters/compare/figures/figures.ts";
import { offloadOf } from "../../../src/usecases/predictOffload.ts";
import { predictMachine } from "../../../src/usecases/predictMachine.ts";
import { compareReference } from "../../compare/reference.ts";
import { compareRows, gib, misfit, row } from "../../compare/rows.ts";

/** What is known of models, where nothing is predicted of machines. */
export const known: KnownOfModels = {
  trainedTokens,
  predictOffload: () => null,
  predictMachine: () => null,
};

/** The same with machines that are predicted, as `compare` has it. */
export const predicting: KnownOfModels = { ...known, predictMachine };

/** Drawn once a file of tests: drawing is what takes the time. */
export interface Drawn {
  readonly report: ComparisonReport;
  readonly figures: readonly DrawnFigure[];
}

function once(make: () => ComparisonReport | Promise<ComparisonReport>): () => Promise<Drawn> {
  let drawn: Promise<Drawn> | undefined;
  return () => (drawn ??= drawnOf(make));
}

async function drawnOf(make: () => ComparisonReport | Promise<ComparisonReport>): Promise<Drawn> {
  const report = await make();
  return { report, figures: await drawFigures(report) };
}

export async function publishedReport(): Promise<ComparisonReport> {
  const machines = ["m3-max-40c-64gb", "rtx-4090-24gb", "2x-rtx-4090-24gb"];
  return comparisonReport(await compareReference(machines), [mixes.rag], [], known);
}

export const hostileText = `<img src=x onerror=alert(1)>"'&\u001B[31m\u202Eevil|\`*_`;

export function hostileReport(): ComparisonReport {
  const texts = { model: hostileText, quantization: hostileText };
  const [one, two] = [
    { ...texts, machine: hostileText, case_id: hostileText },
    { ...texts, machine: `${hostileText}2`, engine_version: hostileText },
  ];
  // A test that nobody knows stands in no pair, and is told all the same.
  const comparison = compareRows(
    [one, two].map((columns) => [row(columns), row({ ...columns, test: hostileText })]),
  );
  return comparisonReport(comparison, [], [hostileText], known);
}

const tests = [
  { test: "pp512", n_prompt: 512, n_gen: 0 },
  { test: "tg128", n_prompt: 0, n_gen: 128 },
] as const;
const models = { "llama-2-7b": 6.7e9, "llama-2-13b": 13e9, "llama-2-70b": 69e9 };
const bits = { q4_0: 4.5, q4_k_m: 4.85, q8_0: 8.5, f16: 16 };

/** The headline suite on four machines: 3 models, 4 quantizations, pp512 and tg128. */
function headlineReport(): ComparisonReport {
  const machines = [
    { machine: "m3-max-40c-64gb", backend: "metal", budget: 48 },
    { machine: "rtx-4090-24gb", backend: "cuda", budget: 24 },
    { machine: "2x-rtx-4090-24gb", backend: "cuda", budget: 48 },
    { machine: "m2-ultra-76c-192gb", backend: "metal", budget: 144 },
  ] as const;
  const files = machines.map(({ machine, backend, budget }, speed) =>
    Object.entries(models).flatMap(([model, params]) =>
      Object.entries(bits).flatMap(([quantization, bitsPerWeight]) =>
        tests.map((test) => {
          const bytes = (params * bitsPerWeight) / 8;
          const pace = (1e12 * (1 + speed)) / bytes;
          const given = {
            ...test,
            machine,
            backend,
            model,
            quantization,
            gpu_budget_bytes: budget * gib,
            weights_bytes: Math.round(bytes),
            model_n_params: params,
            kv_bytes: 2 ** 28,
            n_ctx: 512,
            fit_ctx: 4096,
            fit_at_ctx: bytes < budget * gib ? ("full" as const) : ("partial" as const),
          };
          return bytes < budget * gib
            ? row({ ...given, samples_ts: [pace, pace * 1.002, pace * 0.999] })
            : misfit(given);
        }),
      ),
    ),
  );
  return comparisonReport(compareRows(files), [mixes.chat], [], known);
}

/** A model that both hold, one that one of them holds, and every kind of picture: little for an audit to walk through. */
async function smallReport(): Promise<ComparisonReport> {
  const names = ["m3-max-40c-64gb", "rtx-4090-24gb"];
  const { machines, options } = await compareReference(names);
  const kept = machines.map(({ file, cases }) => ({
    file,
    cases: cases.filter(({ workload }) =>
      ["pp512", "tg512", "tg8192"].includes(testName(workload)),
    ),
  }));
  return comparisonReport(
    compareMachines(machinesOf(kept), options),
    [mixes.rag],
    ["a note"],
    predicting,
  );
}

/** As `compare` answers it, with what the card would do with layers on its CPU; without pictures of predictions. */
async function offloadingReport(): Promise<ComparisonReport> {
  const comparison = await compareReference(["m3-max-40c-64gb", "rtx-4090-24gb"]);
  const predictOffload = await offloadOf(decisiveModel(comparison));
  return comparisonReport(comparison, [], [], { ...known, predictOffload });
}

export const offloading = once(offloadingReport);
export const small = once(smallReport);
export const published = once(publishedReport);
export const hostile = once(hostileReport);
export const headline = once(headlineReport);
