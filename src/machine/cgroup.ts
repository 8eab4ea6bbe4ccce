/**
 * Limits that Linux control groups set on this process, of both versions, nested groups included.
 * Sources: the kernel's Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst, proc_pid_mountinfo(5).
 */
import { join } from "node:path";
import { systemText } from "../base/systemFile.ts";

export interface CgroupLimits {
  /** The tightest memory limit of this group and those above it; null where none is set. */
  readonly memoryLimitBytes: number | null;
  /** What the tightest group has left, the page cache counted as free: the kernel drops it before it refuses memory. */
  readonly memoryAvailableBytes: number | null;
  /** CPUs' worth of time that the tightest group may use, 1.5 for 150 ms in each 100 ms; null without a quota. */
  readonly cpuQuota: number | null;
}

const memoryFiles = {
  2: {
    limits: ["memory.max", "memory.high"],
    usage: "memory.current",
    cache: ["active_file", "inactive_file"],
  },
  1: {
    limits: ["memory.limit_in_bytes"],
    usage: "memory.usage_in_bytes",
    cache: ["total_active_file", "total_inactive_file"],
  },
} as const;

/** Version 1 says "no limit" as the largest number of whole pages, near 2^63. */
const unlimitedBytes = 2 ** 62;

/** `root` is the file system's, another one in tests. */
export function readCgroupLimits(root = "/"): CgroupLimits {
  const read = (...path: string[]) => systemText(join(root, ...path));
  const memory = groupsOf("memory", read).flatMap(({ folder, version }) => {
    const files = memoryFiles[version];
    const limits = files.limits.map((file) => toNumber(read(folder, file)));
    const limit = smallest(limits.filter((bytes) => bytes !== null && bytes < unlimitedBytes));
    if (limit === null) return [];
    const used = toNumber(read(folder, files.usage)) ?? 0;
    const stat = read(folder, "memory.stat") ?? "";
    const cache = files.cache.reduce((sum, key) => sum + statValue(stat, key), 0);
    return [{ limit, available: Math.max(0, limit - Math.max(0, used - cache)) }];
  });
  const quotas = groupsOf("cpu", read).map(({ folder, version }) =>
    version === 2
      ? quotient(...splitQuota(read(folder, "cpu.max")))
      : quotient(
          toNumber(read(folder, "cpu.cfs_quota_us")),
          toNumber(read(folder, "cpu.cfs_period_us")),
        ),
  );
  return {
    memoryLimitBytes: smallest(memory.map(({ limit }) => limit)),
    memoryAvailableBytes: smallest(memory.map(({ available }) => available)),
    cpuQuota: smallest(quotas),
  };
}

interface Group {
  readonly folder: string;
  readonly version: 1 | 2;
}

type ReadFile = (...path: string[]) => string | null;

/** The folders of this process's group and of all above it, as far as they are mounted here. */
function groupsOf(controller: string, read: ReadFile): Group[] {
  const memberships = (read("proc/self/cgroup") ?? "").trim().split("\n");
  const mounts = (read("proc/self/mountinfo") ?? "").trim().split("\n");
  return mounts.flatMap((line) => {
    const [left = "", right = ""] = line.split(" - ");
    const [, , , mountRoot = "", mountPoint = ""] = left.split(" ");
    const [type = "", , options = ""] = right.split(" ");
    const version = type === "cgroup2" ? 2 : 1;
    if (!type.startsWith("cgroup") || (version === 1 && !options.split(",").includes(controller))) {
      return [];
    }
    const membership = memberships
      .map((entry) => /^(\d+):([^:]*):(.*)$/.exec(entry))
      .find((match) =>
        version === 2 ? match?.[1] === "0" : match?.[2]?.split(",").includes(controller),
      );
    const path = membership?.[3] ?? "/";
    // A container sees its group as the mount's root; the path may be the host's, of which only the rest is here.
    const below = path.startsWith(mountRoot) ? path.slice(mountRoot.length) : path;
    const names = below.split("/").filter((name) => name !== "" && name !== "..");
    return [...names.keys(), names.length].map((depth) => ({
      folder: join(unescape(mountPoint), ...names.slice(0, depth)),
      version,
    }));
  });
}

/** mountinfo writes a space as `\040`. */
function unescape(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCodePoint(Number.parseInt(octal, 8)),
  );
}

/** `max` and `-1` are no limit. */
function toNumber(text: string | null | undefined): number | null {
  const value = Number.parseInt(text ?? "", 10);
  return Number.isNaN(value) || value < 0 ? null : value;
}

function splitQuota(text: string | null): [number | null, number | null] {
  const [quota, period] = (text ?? "").split(" ");
  return [toNumber(quota), toNumber(period)];
}

function quotient(quota: number | null, period: number | null): number | null {
  return quota === null || period === null || period === 0 ? null : quota / period;
}

function statValue(stat: string, key: string): number {
  return Number(new RegExp(`^${key} (\\d+)$`, "m").exec(stat)?.[1] ?? 0);
}

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}
