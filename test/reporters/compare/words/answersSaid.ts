/** What is said of answers on machines of reports/reference/. */
import { customMix } from "../../../../src/compare/answers/mixes.ts";
import { pacesOf } from "../../../../src/compare/answers/modelPace.ts";
import { trainedTokens } from "../../../../src/models/trainedTokens.ts";
import { answerSentences } from "../../../../src/reporters/compare/words/answers.ts";
import { compareReference } from "../../../compare/reference.ts";

export async function answersSaid(
  machines: readonly string[],
  promptTokens: number,
  outputTokens: number,
): Promise<string[]> {
  const comparison = await compareReference(machines);
  const paces = comparison.machines.flatMap(pacesOf);
  const mix = customMix(promptTokens, outputTokens);
  return answerSentences(paces, mix, comparison.options, trainedTokens);
}
