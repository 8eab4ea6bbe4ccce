/** What a launch adds to a case. */
import { formatBytes } from "../base/bytes.ts";
import { bufferTotals } from "../bench/bufferTotals.ts";
import type { NonEmpty, TimedLaunch } from "../bench/launch.ts";
import type { CaseFacts, MeasuredRecord, MemoryFacts } from "../bench/record.ts";
import { sampleWarnings } from "../bench/sampleWarnings.ts";
import { summarize } from "../bench/summarize.ts";
import { warning, type Warning } from "../bench/warnings.ts";
import { isOfMachine, type Workload } from "../bench/workload.ts";
import type { EngineLaunch } from "../engines/engine.ts";
import { betweenLaunchSd } from "../machine/betweenLaunchSd.ts";
import type { Noise } from "../machine/noise.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { conditionWarnings } from "./conditionWarnings.ts";
import { memorySpill } from "./memorySpill.ts";
import { sharedBuffers } from "./sharedBuffers.ts";
import { resolvedOtherwise } from "./resolvedOtherwise.ts";

export interface NewLaunch {
  readonly case: BenchCase;
  /** Of the case as the engine opened it. */
  readonly facts: CaseFacts;
  readonly measured: EngineLaunch;
  readonly launch: TimedLaunch;
  /** The case's launches before. */
  readonly earlier: readonly TimedLaunch[];
  /** How much launches differ here, for a case that has only one. */
  readonly noise: Noise | null;
}

/** The case with its launches so far and the new one. @throws Error for a launch without samples */
export function withLaunch(added: NewLaunch): MeasuredRecord {
  const { case: one, facts, measured, launch, earlier, noise } = added;
  const [first, ...rest] = [...earlier, launch];
  const launches: NonEmpty<TimedLaunch> = [first, ...rest];
  const betweenSd = betweenLaunchSd(noise, facts.workload);
  const summary = summarize(launches, facts.workload, betweenSd);
  if (summary === null) throw new Error("a launch without samples is no measurement");
  const buffers = sharedBuffers(
    measured.buffers,
    one.settings.placement.splitMode,
    one.memory?.fit.prediction ?? null,
  );
  const whole: MeasuredRecord = {
    ...facts,
    settings: {
      ...facts.settings,
      nCtx: measured.nCtx,
      flashAttn: measured.flashAttn,
      others: { ...facts.settings.others, ...measured.others },
    },
    memory: { ...facts.memory, ...bufferTotals(buffers), ...notOfMachine(facts.workload) },
    buffers,
    status: "measured",
    launches,
    summary,
  };
  const warnings: Warning[] = [
    ...facts.warnings,
    ...conditionWarnings(launches, facts.machine.ramBytes),
    ...resolvedOtherwise(one.settings, whole),
    ...(launches.length === 1 ? [singleLaunch(betweenSd)] : []),
    ...sampleWarnings(launches),
    ...assumedCache(launch),
    ...(measured.depthRestored ? [] : [warning("depth_refilled")]),
  ];
  const spill = memorySpill({ ...whole, warnings }, one.gpuLayers);
  return { ...whole, warnings: [...warnings, ...spill] };
}

/** Says what the interval was widened by, where it is not the usual assumption. */
function singleLaunch(betweenSd: number | undefined): Warning {
  if (betweenSd === undefined) return warning("single_launch");
  return warning("single_launch", `${(100 * betweenSd).toFixed(2)}% between launches`);
}

/** Without a model there are no caches that could be empty. */
function notOfMachine(workload: Workload): Partial<MemoryFacts> {
  return isOfMachine(workload) ? { kvBytes: null, stateBytes: null } : {};
}

function assumedCache({ readings: { assumedCacheBytes: bytes } }: TimedLaunch): Warning[] {
  return bytes === null ? [] : [warning("cache_assumed", formatBytes(bytes))];
}
