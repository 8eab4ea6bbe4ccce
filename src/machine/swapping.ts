/** What stands in swap, and what came back from it since the system began. */
import { join } from "node:path";
import { systemText } from "../base/systemFile.ts";
import { commandOutput } from "./commandOutput.ts";

export interface Swapping {
  readonly usedBytes: number | null;
  /** Grows with every page that is read back; null where the system doesn't count it. */
  readonly readBytes: number | null;
  /** Grows with every page that is written to it. */
  readonly writtenBytes: number | null;
  /** What memory compression holds; null where there is none, or the system doesn't tell. */
  readonly compressedBytes: number | null;
}

/** The smallest page that Linux has: larger ones only make the count too low. */
const linuxPageBytes = 4096;

export function linuxSwapping(root = "/"): Swapping {
  const memory = systemText(join(root, "proc/meminfo")) ?? "";
  const counters = systemText(join(root, "proc/vmstat")) ?? "";
  const kib = (key: string) => number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "mu").exec(memory));
  const [total, free] = [kib("SwapTotal"), kib("SwapFree")];
  const pages = (counter: string) => {
    const count = number(new RegExp(`^${counter} (\\d+)$`, "mu").exec(counters));
    return count === null ? null : count * linuxPageBytes;
  };
  return {
    usedBytes: total === null || free === null ? null : (total - free) * 1024,
    readBytes: pages("pswpin"),
    writtenBytes: pages("pswpout"),
    compressedBytes: null,
  };
}

export async function macSwapping(): Promise<Swapping> {
  const [usage, statistics] = await Promise.all([
    commandOutput("sysctl", ["-n", "vm.swapusage"]),
    commandOutput("vm_stat", []),
  ]);
  return parseMacSwapping(usage ?? "", statistics ?? "");
}

/** Of `sysctl -n vm.swapusage` (`used = 512.25M`) and of `vm_stat` (`page size of 16384 bytes`, `Swapins: 1234.`). */
export function parseMacSwapping(usage: string, statistics: string): Swapping {
  const mib = number(/used = ([\d.]+)M/u.exec(usage));
  const pageBytes = number(/page size of (\d+) bytes/u.exec(statistics));
  const pages = (counter: string) => {
    const count = number(new RegExp(`^${counter}:\\s+(\\d+)\\.?$`, "mu").exec(statistics));
    return count === null || pageBytes === null ? null : count * pageBytes;
  };
  return {
    usedBytes: mib === null ? null : Math.round(mib * 2 ** 20),
    readBytes: pages("Swapins"),
    writtenBytes: pages("Swapouts"),
    compressedBytes: pages("Pages occupied by compressor"),
  };
}

function number(match: RegExpExecArray | null): number | null {
  return match?.[1] === undefined ? null : Number(match[1]);
}
