/** Notices what else this machine is doing: a busy core or GPU is a slower measurement. */
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Load } from "../bench/conditions.ts";
import type { GraphicsCard } from "./graphicsCard.ts";

const sampleMs = 300;

/** Half a core is noise on few cores; a tenth of all is on many. */
const leastBusyCores = 0.5;
const leastBusyShare = 0.1;

/** A desktop that draws itself stays below. */
const leastBusyGpuPercent = 15;

interface CpuTime {
  readonly busyMs: number;
  readonly allMs: number;
}

/** Asked while nothing of ours computes; takes 0.3 s. */
export async function otherLoad(cards: readonly GraphicsCard[] = []): Promise<Load> {
  const loadSince = watchLoad(busyGpus(cards));
  await sleep(sampleMs);
  return loadSince(0);
}

function busyGpus(cards: readonly GraphicsCard[]): string[] {
  return cards
    .filter(({ busyPercent }) => (busyPercent ?? 0) >= leastBusyGpuPercent)
    .map(({ name, busyPercent }) => `${name} is ${busyPercent}% busy`);
}

/** A warning for the reader of the numbers, with the programs to close; null where the machine is quiet. */
export async function loadWarning(load: Load): Promise<string | null> {
  const text = loadText(load, isCpuBusy(load) ? await busiestProcesses() : []);
  return text === null ? null : `${text}: numbers will be lower than this machine's own`;
}

/**
 * What is busy; null where nothing is.
 *
 * @param busiest names of the processes that keep it so, the busiest first
 */
export function loadText(load: Load, busiest: readonly string[] = []): string | null {
  const names = busiest.length === 0 ? "" : ` (${busiest.join(", ")})`;
  const cpu = isCpuBusy(load)
    ? [`other processes keep ${load.busy_cpus?.toFixed(1)} of ${load.cpus} CPUs busy${names}`]
    : [];
  const found = [...cpu, ...load.busy_gpus];
  return found.length === 0 ? null : found.join("; ");
}

function isCpuBusy({ busy_cpus, cpus: all }: Load): boolean {
  return (busy_cpus ?? 0) >= Math.max(leastBusyCores, leastBusyShare * all);
}

/** Systems count processor time in steps of up to 16 ms. */
const leastWatchedMs = 100;

/**
 * From now on until the answer is called, what processes take that are not ours.
 *
 * @returns to be told how much processor time our children took meanwhile, in ms; null where that isn't known, and then
 * nobody can say what others took
 */
export function watchLoad(busyGpusBefore: readonly string[]): (childrenMs: number | null) => Load {
  const [before, ownBefore] = [cpuTime(), process.cpuUsage()];
  return (childrenMs) => {
    const [after, own] = [cpuTime(), process.cpuUsage(ownBefore)];
    const { length } = cpus();
    const passedMs = (after.allMs - before.allMs) / length;
    const oursMs = (own.user + own.system) / 1000 + (childrenMs ?? 0);
    const othersMs = Math.max(0, after.busyMs - before.busyMs - oursMs);
    return {
      busy_cpus:
        childrenMs !== null && passedMs >= leastWatchedMs ? hundredths(othersMs / passedMs) : null,
      cpus: length,
      busy_gpus: [...busyGpusBefore],
    };
  };
}

/** Processor time is counted no finer. */
function hundredths(value: number): number {
  return Math.round(100 * value) / 100;
}

function cpuTime(): CpuTime {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({
    busyMs: user + nice + sys + irq,
    allMs: user + nice + sys + irq + idle,
  }));
  return {
    busyMs: times.reduce((sum, { busyMs }) => sum + busyMs, 0),
    allMs: times.reduce((sum, { allMs }) => sum + allMs, 0),
  };
}

/** systeminformation gives its earlier answer again within half a second. */
const processSampleMs = 600;

/** At most two: enough to know what to close. */
async function busiestProcesses(): Promise<string[]> {
  try {
    // A large package, and this is seldom asked.
    const { default: si } = await import("systeminformation");
    // The first answer is each process's average over its life, the second what it did since the first.
    await si.processes();
    await sleep(processSampleMs);
    const { list } = await si.processes();
    return (
      list
        // Percent of all CPUs together.
        .filter(({ pid, cpu }) => pid !== process.pid && cpu * cpus().length >= 25)
        .sort((a, b) => b.cpu - a.cpu)
        .slice(0, 2)
        .map(({ name }) => name)
    );
  } catch {
    return [];
  }
}
