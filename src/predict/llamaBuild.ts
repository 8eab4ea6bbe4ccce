/** What llama.cpp's build numbers tell of its speed. */
import type { Backend } from "../bench/backends.ts";
import type { CaseRecord } from "../bench/record.ts";

/** Of May 2024: CUDA graphs and int8 matrix kernels were merged in the weeks before and after b3000. */
const firstNew = 3000;

/**
 * On AMD's GPUs prompts doubled and tripled in speed from summer to autumn 2025, between b6111 and b7361, and ROCm's layers
 * cost half: rows of one Strix Halo and its like. On Apple's, kernels that need no others' results run beside each other
 * since September 2025: rows of one M2 Ultra, 2024 and b7948.
 */
const firstNewOf: Partial<Record<Backend, number>> = { metal: 7000, vulkan: 7000, rocm: 7000 };

/** Tables without a build number: llama.cpp's of Apple's chips, whose rows name none, ran build 1550 (November 2023). */
const appleTableBuild = 1550;

/** Null for rows that give a commit alone: those of the scoreboards of 2025, which are kept up to date, and of llmbench. */
export function buildNumberOf({ engine }: CaseRecord): number | null {
  const build = /^b(\d+)$/.exec(engine.version ?? "")?.[1];
  if (build !== undefined) return Number(build);
  return engine.backend === "metal" && engine.commit === null ? appleTableBuild : null;
}

/** Whether its kernels are those before the rewriting. */
export function isOldBuild(record: CaseRecord): boolean {
  const build = buildNumberOf(record);
  const { backend } = record.engine;
  return build !== null && build < ((backend && firstNewOf[backend]) ?? firstNew);
}
