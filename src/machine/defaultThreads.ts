/** Threads that llama.cpp's own tools take when none are asked for. */

export interface CpuFacts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly logical: number;
  readonly physical: number;
  /** Null where all cores are alike. */
  readonly performance: number | null;
  /** Linux: numbers of the logical CPUs that are performance cores, where the kernel tells; else null. */
  readonly performanceCpus: readonly number[] | null;
}

export interface CpuCaps {
  /** CPUs that the affinity mask leaves. */
  readonly affinity: number;
  /** CPUs' worth of time a cgroup grants; null without a quota. */
  readonly quota: number | null;
}

/** `common_cpu_get_num_math` capped by what this process may use: a thread more would only wait for a CPU. */
export function defaultThreads(cpu: CpuFacts, { affinity, quota }: CpuCaps): number {
  const caps = [mathCpus(cpu), affinity, quota ?? Number.POSITIVE_INFINITY];
  return Math.max(1, Math.floor(Math.min(...caps)));
}

/**
 * llama.cpp's rule (common/common.cpp, v0.4.0): performance cores on Apple silicon and on Linux x86 hybrids, physical
 * cores elsewhere, Windows hybrids included.
 */
function mathCpus({
  platform,
  arch,
  logical,
  physical,
  performance,
  performanceCpus,
}: CpuFacts): number {
  if (platform === "darwin") return performance ?? physical;
  if (platform === "linux" && arch === "x64" && performanceCpus !== null) {
    const counted = everySecondPerformanceCpu(logical, new Set(performanceCpus));
    if (counted > 0) return counted;
  }
  return physical;
}

/** llama.cpp takes the CPU after a performance core for its second thread, also where cores have but one. */
function everySecondPerformanceCpu(logical: number, performance: ReadonlySet<number>): number {
  let counted = 0;
  for (let cpu = 0; cpu < logical; cpu += 1) {
    if (!performance.has(cpu)) continue;
    counted += 1;
    cpu += 1;
  }
  return counted;
}
