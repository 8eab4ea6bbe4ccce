/** What a pair's test does, and what it is called. */
import type { Pair } from "./comparison.ts";
import type { JointAnswer } from "./jointAnswers.ts";
import type { Machine } from "./machines.ts";

export const workNames = {
  tg: "Token generation (tg)",
  pp: "Prompt processing (pp)",
  "pp+tg": "Prompt and generation together (pp+tg)",
} as const;

export type Work = keyof typeof workNames;
export const works = Object.keys(workNames) as readonly Work[];

export function workOf({ sides: [{ row }] }: Pair): Work {
  if (row.n_gen === 0) return "pp";
  return row.n_prompt === 0 ? "tg" : "pp+tg";
}

/** The machine on the side that an answer names; null where it names none. */
export function machineOn(
  { machines }: Pick<Pair, "machines">,
  answer: JointAnswer,
): Machine | null {
  if (answer !== "baseline" && answer !== "other") return null;
  return machines[answer === "baseline" ? 0 : 1];
}

/** Pairs of which neither side alone had the model on its GPU: their ratio is one of hardware, not of memory. */
export function isSpeedPair({ verdict }: Pair): boolean {
  return verdict === "faster" || verdict === "equivalent" || verdict === "inconclusive";
}

/** `llama-3-8b q4_k_m`, each once. */
export function modelsOf(pairs: readonly Pair[]): string[] {
  return [...new Set(pairs.map(({ model, quantization }) => modelName(model, quantization)))];
}

export function modelName(model: string, quantization: string | null): string {
  return quantization === null ? model : `${model} ${quantization}`;
}
