/** The CPU as Linux describes it in /sys: what llama.cpp itself reads, and lscpu's readers get wrong on hybrids. */
import { join } from "node:path";
import { systemText } from "../base/systemFile.ts";

export interface LinuxCpu {
  readonly physical: number | null;
  /** Logical CPUs that are performance cores; null where all cores are alike. */
  readonly performanceCpus: readonly number[] | null;
  readonly efficiencyCpus: readonly number[] | null;
}

export function readLinuxCpu(root = "/"): LinuxCpu {
  const list = (file: string): number[] | null => {
    const text = systemText(join(root, file));
    return text === null ? null : parseCpuList(text);
  };
  return {
    physical: physicalCores(root),
    // Intel's hybrids show two performance-monitoring units, one for each kind of core.
    performanceCpus: list("sys/devices/cpu_core/cpus"),
    efficiencyCpus: list("sys/devices/cpu_atom/cpus"),
  };
}

/** Distinct sets of thread siblings, as llama.cpp counts cores (common/common.cpp, v0.4.0). */
function physicalCores(root: string): number | null {
  const siblings = new Set<string>();
  for (let cpu = 0; ; cpu += 1) {
    const line = systemText(
      join(root, `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings`),
    );
    if (line === null) break;
    siblings.add(line.trim());
  }
  return siblings.size === 0 ? null : siblings.size;
}

/** Numbers in the kernel's list format: `0-3,8` (Documentation/admin-guide/cputopology.rst). */
export function parseCpuList(text: string): number[] {
  return [...text.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, offset) => Number(first) + offset),
  );
}
