/** Notices what else this machine is doing: a busy core or GPU is a slower measurement. */
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import si from "systeminformation";
import type { GraphicsCard } from "./graphics.ts";

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

/** A warning for the reader of the numbers, or null where the machine is quiet. */
export async function otherLoad(cards: readonly GraphicsCard[] = []): Promise<string | null> {
  const busyCores = await busyCoresOfOthers();
  const names = isHeavy(busyCores, cpus().length) ? await busiestProcesses() : [];
  return describeLoad({ busyCores, cores: cpus().length, busiest: names, cards });
}

export interface Load {
  /** Cores' worth of time that other processes take. */
  readonly busyCores: number;
  /** Logical CPUs. */
  readonly cores: number;
  /** Names of the processes that take it, the busiest first. */
  readonly busiest: readonly string[];
  readonly cards: readonly GraphicsCard[];
}

export function describeLoad({ busyCores, cores, busiest, cards }: Load): string | null {
  const cpu = isHeavy(busyCores, cores)
    ? [
        `other processes keep ${busyCores.toFixed(1)} of ${cores} CPUs busy${busiest.length === 0 ? "" : ` (${busiest.join(", ")})`}`,
      ]
    : [];
  const gpu = cards
    .filter(({ busyPercent }) => (busyPercent ?? 0) >= leastBusyGpuPercent)
    .map(({ name, busyPercent }) => `${name} is ${busyPercent}% busy`);
  const found = [...cpu, ...gpu];
  return found.length === 0
    ? null
    : `${found.join("; ")}: numbers will be lower than this machine's own`;
}

function isHeavy(busyCores: number, cores: number): boolean {
  return busyCores >= Math.max(leastBusyCores, leastBusyShare * cores);
}

async function busyCoresOfOthers(): Promise<number> {
  const [before, ownBefore] = [cpuTime(), process.cpuUsage()];
  await sleep(sampleMs);
  const [after, own] = [cpuTime(), process.cpuUsage(ownBefore)];
  const passedMs = (after.allMs - before.allMs) / cpus().length;
  if (passedMs <= 0) return 0;
  const ownMs = (own.user + own.system) / 1000;
  return Math.max(0, (after.busyMs - before.busyMs - ownMs) / passedMs);
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
