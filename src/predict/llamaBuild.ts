/** What llama.cpp's build numbers tell of its speed. */
import type { CaseRecord } from "../bench/record.ts";

/** b3000, of May 2024: CUDA graphs and int8 matrix kernels were merged in the weeks before and after. */
const firstNew = 3000;

/** Whether it launched each kernel by itself; a row that tells no number is of a table that is kept up to date. */
export function isOldBuild({ engine }: CaseRecord): boolean {
  const build = /^b(\d+)$/.exec(engine.version ?? "")?.[1];
  return build !== undefined && Number(build) < firstNew;
}
