/** What this machine would do with the models that people ask about, from what was just measured on it. */
import { isMeasured, type CaseRecord } from "../bench/record.ts";
import { hostTraits } from "../fit/hostTraits.ts";
import { usualFitSettings, type FitSettings } from "../fit/memorySettings.ts";
import { resolveModel } from "../models/resolveModel.ts";
import { hereSpeed } from "../plan/hereSpeed.ts";
import type { PreparedRun } from "../run/prepareRun.ts";
import { fitCells, fitModels, type FitCell } from "./fit/fitCells.ts";
import { leaveOneOutWords } from "../ui/predictionWords.ts";
import { TensorTypeQuestions } from "./tensorTypes.ts";

/** Llama 2 in its sizes, and this year's: for little memory, for a card, and for a large machine. */
const asked = [
  {
    group: "Llama 2 at Q4_0",
    models: [
      { spec: "7b", name: "7B", quantization: "q4_0" },
      { spec: "13b", name: "13B", quantization: "q4_0" },
      { spec: "70b", name: "70B", quantization: "q4_0" },
    ],
  },
  {
    group: "2026 at 4 bits",
    models: [
      { spec: "gemma-4-e4b", name: "Gemma 4 E4B", quantization: "q4_k_m" },
      { spec: "qwen3.6-35b-a3b", name: "Qwen3.6 35B-A3B", quantization: "q4_k_m" },
      { spec: "gpt-oss-120b", name: "gpt-oss 120B", quantization: "mxfp4_moe" },
    ],
  },
] as const;

/** The context that the tests of the standard suite need. */
const settings: FitSettings = { ...usualFitSettings, nCtx: 640 };

/** A line for each group, and how good it is; null where nothing measured says how fast the machine is. */
export async function outlook(
  run: PreparedRun,
  results: readonly CaseRecord[],
): Promise<string | null> {
  const measured = results.filter(isMeasured);
  const machine = { ...run.machine, name: run.machineKind };
  const [{ engine, budget }] = run.parts;
  const speed = hereSpeed({
    machine,
    engine: engine.facts,
    cacheDir: run.cacheDir,
    justMeasured: measured,
    ramGbps: run.options.ramGbps,
  });
  if (measured.length === 0 || speed.decode === null) return null;
  const here = {
    name: run.machine.name,
    budget,
    host: hostTraits(engine.facts.system_info),
    speed,
    ram: null,
    probed: false,
  };
  const questions = new TensorTypeQuestions();
  try {
    const lines: string[] = [];
    for (const { group, models } of asked) {
      const parts: string[] = [];
      for (const { spec, name, quantization } of models) {
        const [model] = await fitModels(resolveModel(spec), [quantization], questions);
        const [cell] = fitCells(model === undefined ? [] : [model], [here], settings);
        if (cell !== undefined) parts.push(`${name} ${phrase(cell)}`);
      }
      lines.push(`predicted for this machine, ${group} (tg): ${parts.join(", ")}`);
    }
    return [...lines, leaveOneOutWords(speed)].join("\n");
  } finally {
    await questions.close();
  }
}

function phrase({ verdict, speed }: FitCell): string {
  if (verdict.fit === "none") return "does not fit";
  if (speed === null) return "fits";
  const { tg_ts: tg, low, high } = speed;
  const part = verdict.fit === "partial" ? ", in part on the CPU" : "";
  return `about ${rounded(tg)} t/s (${rounded(low)} to ${rounded(high)}${part})`;
}

function rounded(speed: number): string {
  return speed < 10 ? speed.toPrecision(2) : speed.toFixed(0);
}
