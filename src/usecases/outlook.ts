/** What this machine would do with the models that people ask about, from what was just measured on it. */
import { isMeasured, type CaseRecord } from "../bench/record.ts";
import { hostTraits } from "../fit/hostTraits.ts";
import { usualFitSettings, type FitSettings } from "../fit/memorySettings.ts";
import { resolveModel } from "../models/resolveModel.ts";
import { hereSpeed } from "../plan/caseSpeed.ts";
import type { PreparedRun } from "../run/prepareRun.ts";
import { fitCells, fitModels, type FitCell } from "./fit/fitCells.ts";
import { leaveOneOutWords } from "../ui/predictionWords.ts";
import { TensorTypeQuestions } from "./tensorTypes.ts";

const asked = ["7b", "13b", "70b"] as const;

/** The context that the tests of the standard suite need. */
const settings: FitSettings = { ...usualFitSettings, nCtx: 640 };

/** A sentence; null where nothing measured says how fast the machine is. */
export async function outlook(
  run: PreparedRun,
  results: readonly CaseRecord[],
): Promise<string | null> {
  const measured = results.filter(isMeasured);
  const machine = { ...run.machine, name: run.machineKind };
  const speed = hereSpeed(machine, run.engine.facts, run.cacheDir, measured);
  if (measured.length === 0 || speed.decode === null) return null;
  const here = {
    name: run.machine.name,
    budget: run.budget,
    host: hostTraits(run.engine.facts.system_info),
    speed,
    probed: false,
  };
  const questions = new TensorTypeQuestions();
  try {
    const parts: string[] = [];
    for (const spec of asked) {
      const [model] = await fitModels(resolveModel(spec), ["q4_0"], questions);
      const [cell] = fitCells(model === undefined ? [] : [model], [here], settings);
      if (cell !== undefined) parts.push(phrase(spec, cell));
    }
    const sentence = `predicted for this machine, Llama 2 at Q4_0 (tg): ${parts.join(", ")}`;
    return `${sentence}; ${leaveOneOutWords(speed)}`;
  } finally {
    await questions.close();
  }
}

function phrase(spec: string, { verdict, speed }: FitCell): string {
  const size = spec.toUpperCase();
  if (verdict.fit === "none") return `${size} does not fit`;
  if (speed === null) return `${size} fits`;
  const { tg_ts: tg, low, high } = speed;
  const part = verdict.fit === "partial" ? ", in part on the CPU" : "";
  return `${size} about ${rounded(tg)} t/s (${rounded(low)} to ${rounded(high)}${part})`;
}

function rounded(speed: number): string {
  return speed < 10 ? speed.toPrecision(2) : speed.toFixed(0);
}
