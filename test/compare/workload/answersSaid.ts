/** What is said of answers on machines of reports/reference/. */
import { answerersOf } from "../../../src/compare/workload/answers.ts";
import { answerSentences } from "../../../src/compare/workload/answerWords.ts";
import { customWorkload } from "../../../src/compare/workload/mixes.ts";
import { trainedTokens } from "../../../src/models/trainedTokens.ts";
import { compareReference } from "../reference.ts";

export async function answersSaid(
  machines: readonly string[],
  promptTokens: number,
  outputTokens: number,
): Promise<string[]> {
  const comparison = await compareReference(machines);
  const answerers = comparison.machines.flatMap(answerersOf);
  const workload = customWorkload(promptTokens, outputTokens);
  return answerSentences(answerers, workload, comparison.options, trainedTokens);
}
