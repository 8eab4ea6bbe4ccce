/** What a launch adds to a case's row. */
import type { MeasuredCase } from "../engines/engine.ts";
import type { Noise } from "../machine/noise.ts";
import type { BenchCase } from "../plan/plan.ts";
import { betweenLaunchSd } from "../results/betweenLaunchSd.ts";
import { conditionWarnings } from "../results/conditionWarnings.ts";
import type { CaseResult, LaunchResult } from "../results/caseResult.ts";
import { measuredMemory } from "../results/measuredMemory.ts";
import { sampleWarnings } from "../results/sampleWarnings.ts";
import { summarizeCase } from "../results/summarizeCase.ts";
import { warning } from "../results/warnings.ts";
import { memorySpill } from "./memorySpill.ts";
import { resolvedOtherwise } from "./resolvedOtherwise.ts";

/**
 * Adds a launch to a row.
 * @param earlier the row that the case's launches before it made
 * @param noise how much launches differ here, for a row that has only one
 */
export function withLaunch(
  row: CaseResult,
  one: BenchCase,
  measured: MeasuredCase,
  launch: LaunchResult,
  earlier: CaseResult | null,
  noise: Noise | null,
): CaseResult {
  const betweenSd = betweenLaunchSd(noise, row);
  const launches = [...(earlier?.launch_results ?? []), launch];
  const whole: CaseResult = {
    ...row,
    status: "measured",
    n_ctx: measured.nCtx,
    flash_attn: measured.flashAttn === null ? null : Number(measured.flashAttn),
    ...summarizeCase(launches, row.n_prompt + row.n_gen, betweenSd),
    ...measuredMemory(measured.buffers),
    buffers: measured.buffers,
  };
  const warnings = [
    ...row.warnings,
    ...conditionWarnings(launches, row.ram_bytes),
    ...resolvedOtherwise(one.settings, whole),
    ...(launches.length === 1 ? [singleLaunch(betweenSd)] : []),
    ...sampleWarnings(launches),
    ...(measured.depthRestored ? [] : [warning("depth_refilled")]),
  ];
  const spill = memorySpill({ ...whole, warnings }, one.gpuLayers);
  return { ...whole, warnings: [...warnings, ...spill] };
}

/** Says what the interval was widened by, where it is not the usual assumption. */
function singleLaunch(betweenSd: number | undefined): string {
  if (betweenSd === undefined) return warning("single_launch");
  return warning("single_launch", `${(100 * betweenSd).toFixed(2)}% between launches`);
}
