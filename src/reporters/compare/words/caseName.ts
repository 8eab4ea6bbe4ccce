import type { CaseRecord } from "../../../bench/record.ts";
import { testName } from "../../../bench/workload.ts";
import { modelName } from "../../../compare/modelNames.ts";

/** `llama-2-7b q4_0 tg128`. */
export function caseName({ model, workload }: CaseRecord): string {
  return `${modelName(model)} ${testName(workload)}`;
}
