/** How much the processor's caches hold of memory: what is to be read from memory must be more than they hold. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemNames } from "../base/systemFile.ts";

/**
 * Bytes of the outermost caches that the system tells of, those of all dies together; null where it doesn't tell. Apple's
 * chips have one behind the last that macOS names.
 * @param root of the file system, another one in tests
 */
export function lastLevelCacheBytes(
  root = "/",
  platform: NodeJS.Platform = process.platform,
): number | null {
  if (platform === "linux") return linuxCacheBytes(root);
  if (platform === "win32")
    return told("powershell", ["-NoProfile", "-Command", windowsQuestion], 1024);
  if (platform === "darwin" && process.arch !== "arm64")
    return told("sysctl", ["-n", "hw.l3cachesize"], 1);
  return null;
}

/** Sizes in KiB (Win32_Processor, CIM). */
const windowsQuestion =
  "(Get-CimInstance Win32_Processor | Measure-Object -Property L3CacheSize -Sum).Sum";

const patienceMs = 10_000;

function told(file: string, args: readonly string[], unit: number): number | null {
  try {
    const output = execFileSync(file, args, {
      encoding: "utf8",
      timeout: patienceMs,
      windowsHide: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const value = Number.parseInt(output, 10);
    return value > 0 ? value * unit : null;
  } catch {
    return null;
  }
}

interface Cache {
  readonly level: number;
  readonly bytes: number;
  /** The CPUs that share it, in the kernel's words. */
  readonly sharedBy: string;
}

/** As the kernel describes them (Documentation/ABI/testing/sysfs-devices-system-cpu). */
function linuxCacheBytes(root: string): number | null {
  const folder = join(root, "sys/devices/system/cpu");
  const caches = systemNames(folder)
    .filter((name) => /^cpu\d+$/.test(name))
    .flatMap((cpu) =>
      systemNames(join(folder, cpu, "cache"))
        .filter((name) => /^index\d+$/.test(name))
        .flatMap((index) => readCache(join(folder, cpu, "cache", index))),
    );
  const last = Math.max(...caches.map(({ level }) => level));
  const each = new Map(
    caches.filter(({ level }) => level === last).map(({ sharedBy, bytes }) => [sharedBy, bytes]),
  );
  return each.size === 0 ? null : [...each.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function readCache(folder: string): Cache[] {
  const text = (name: string) => readFileSync(join(folder, name), "utf8").trim();
  try {
    const [, digits, unit = ""] = /^(\d+)([KMG]?)$/.exec(text("size")) ?? [];
    const bytes = Number(digits) * 1024 ** ["", "K", "M", "G"].indexOf(unit);
    if (text("type") === "Instruction" || !(bytes > 0)) return [];
    return [{ level: Number(text("level")), bytes, sharedBy: text("shared_cpu_list") }];
  } catch {
    return [];
  }
}
