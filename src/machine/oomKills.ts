/** How many processes the kernel has ended for want of memory, to tell such a death from any other SIGKILL. */
import { systemText } from "../base/systemFile.ts";

/** Linux's counters: the system's, and the one of our cgroup (v2). */
const counters = ["/proc/vmstat", "/sys/fs/cgroup/memory.events"];

/** The highest count seen; null where the system has no such counter. */
export function oomKills(): number | null {
  const counts = counters.map(readCounter).filter((count) => count !== null);
  return counts.length === 0 ? null : Math.max(...counts);
}

function readCounter(path: string): number | null {
  const count = /^oom_kill (\d+)$/mu.exec(systemText(path) ?? "")?.[1];
  return count === undefined ? null : Number(count);
}
