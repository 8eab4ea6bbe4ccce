import { describe, expect, it } from "vitest";
import { lastLevelCacheBytes } from "../../src/machine/lastLevelCache.ts";
import { fakeRoot } from "./fakeRoot.ts";

interface Cache {
  readonly level: number;
  readonly size: string;
  readonly sharedBy: string;
  readonly type?: string;
}

/** The caches of each CPU, as the kernel shows them. */
function rootOf(cpus: readonly (readonly Cache[])[]): string {
  const files = cpus.flatMap((caches, cpu) =>
    caches.flatMap(({ level, size, sharedBy, type = "Unified" }, index) => {
      const folder = `sys/devices/system/cpu/cpu${cpu}/cache/index${index}`;
      return [
        [`${folder}/level`, `${level}\n`],
        [`${folder}/size`, `${size}\n`],
        [`${folder}/type`, `${type}\n`],
        [`${folder}/shared_cpu_list`, `${sharedBy}\n`],
      ] as const;
    }),
  );
  return fakeRoot(Object.fromEntries(files));
}

const own = (cpu: number): Cache => ({ level: 2, size: "1024K", sharedBy: String(cpu) });

const linux = (root: string) => lastLevelCacheBytes(root, "linux");

describe("the processor's last caches", () => {
  it("are counted once each, however many CPUs share one, and summed over the dies", () => {
    const first: Cache = { level: 3, size: "32768K", sharedBy: "0-1" };
    const second: Cache = { level: 3, size: "32M", sharedBy: "2-3" };
    const cpus = [
      [own(0), first],
      [own(1), first],
      [own(2), second],
      [own(3), second],
    ];
    expect(linux(rootOf(cpus))).toBe(64 * 2 ** 20);
  });

  it("are the second level where there is no third, and none that holds instructions", () => {
    const cpus = [
      [
        { level: 1, size: "32K", sharedBy: "0", type: "Instruction" },
        { level: 2, size: "512K", sharedBy: "0-3" },
      ],
    ];
    expect(linux(rootOf(cpus))).toBe(512 * 1024);
  });

  it("are unknown where the system doesn't tell", () => {
    expect(linux(fakeRoot({}))).toBeNull();
    expect(lastLevelCacheBytes("/", "aix")).toBeNull();
  });
});
