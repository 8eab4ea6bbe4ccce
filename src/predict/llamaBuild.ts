/** What llama.cpp's build numbers tell of its speed. */
import type { Backend } from "../bench/backends.ts";
import type { CaseRecord } from "../bench/record.ts";

/** Of May 2024: CUDA graphs and int8 matrix kernels were merged in the weeks before and after b3000. */
const firstNew = 3000;

/**
 * On AMD's GPUs prompts doubled and tripled in speed from summer to autumn 2025, between b6111 and b7361, and ROCm's layers
 * cost half: rows of one Strix Halo and its like.
 */
const firstNewOf: Partial<Record<Backend, number>> = { vulkan: 7000, rocm: 7000 };

/** Whether its kernels are those before the rewriting; a row that tells no number is of a table that is kept up to date. */
export function isOldBuild({ engine }: CaseRecord): boolean {
  const build = /^b(\d+)$/.exec(engine.version ?? "")?.[1];
  const first = (engine.backend === null ? undefined : firstNewOf[engine.backend]) ?? firstNew;
  return build !== undefined && Number(build) < first;
}
