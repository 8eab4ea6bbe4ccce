import { describe, expect, it } from "vitest";
import { readCgroupLimits } from "../../src/machine/cgroup.ts";
import { fakeRoot } from "./fakeRoot.ts";

const gib = 2 ** 30;

const v2Mount = "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";
const v1Mounts = [
  "34 24 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
  "35 24 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
  "41 24 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
].join("\n");
const v1Unlimited = "9223372036854771712\n";

describe("version 2", () => {
  it("without limits says none", () => {
    const root = fakeRoot({
      "proc/self/mountinfo": v2Mount,
      "proc/self/cgroup": "0::/user.slice\n",
      "sys/fs/cgroup/user.slice/memory.max": "max\n",
      "sys/fs/cgroup/user.slice/cpu.max": "max 100000\n",
    });
    expect(readCgroupLimits(root)).toEqual({
      memoryLimitBytes: null,
      memoryAvailableBytes: null,
      cpuQuota: null,
    });
  });

  it("the tightest of nested groups counts, its page cache as free", () => {
    const root = fakeRoot({
      "proc/self/mountinfo": v2Mount,
      "proc/self/cgroup": "0::/system.slice/docker-abc.scope\n",
      "sys/fs/cgroup/system.slice/memory.max": `${8 * gib}\n`,
      "sys/fs/cgroup/system.slice/memory.current": `${6 * gib}\n`,
      "sys/fs/cgroup/system.slice/memory.stat": `anon ${gib}\nactive_file ${gib}\ninactive_file ${3 * gib}\n`,
      "sys/fs/cgroup/system.slice/cpu.max": "150000 100000\n",
      "sys/fs/cgroup/system.slice/docker-abc.scope/memory.max": `${16 * gib}\n`,
      "sys/fs/cgroup/system.slice/docker-abc.scope/memory.current": `${4 * gib}\n`,
      "sys/fs/cgroup/system.slice/docker-abc.scope/cpu.max": "400000 100000\n",
    });
    expect(readCgroupLimits(root)).toEqual({
      memoryLimitBytes: 8 * gib,
      memoryAvailableBytes: 6 * gib,
      cpuQuota: 1.5,
    });
  });

  it("memory.high, past which a group is only slowed down, is a limit too", () => {
    const root = fakeRoot({
      "proc/self/mountinfo": v2Mount,
      "proc/self/cgroup": "0::/box\n",
      "sys/fs/cgroup/box/memory.max": "max\n",
      "sys/fs/cgroup/box/memory.high": `${4 * gib}\n`,
    });
    expect(readCgroupLimits(root).memoryLimitBytes).toBe(4 * gib);
  });

  it("inside a container the group is the mount's root", () => {
    const root = fakeRoot({
      "proc/self/mountinfo": v2Mount,
      "proc/self/cgroup": "0::/\n",
      "sys/fs/cgroup/memory.max": `${2 * gib}\n`,
      "sys/fs/cgroup/memory.current": `${gib}\n`,
    });
    expect(readCgroupLimits(root)).toMatchObject({
      memoryLimitBytes: 2 * gib,
      memoryAvailableBytes: gib,
    });
  });

  it("a group that uses more than its limit has nothing left", () => {
    const root = fakeRoot({
      "proc/self/mountinfo": v2Mount,
      "proc/self/cgroup": "0::/box\n",
      "sys/fs/cgroup/box/memory.max": `${gib}\n`,
      "sys/fs/cgroup/box/memory.current": `${2 * gib}\n`,
    });
    expect(readCgroupLimits(root).memoryAvailableBytes).toBe(0);
  });
});

describe("version 1", () => {
  it("the largest number there is means no limit, and -1 no quota", () => {
    const root = fakeRoot({
      "proc/self/mountinfo": v1Mounts,
      "proc/self/cgroup": "4:memory:/job\n1:cpu,cpuacct:/job\n0::/\n",
      "sys/fs/cgroup/memory/job/memory.limit_in_bytes": v1Unlimited,
      "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
    });
    expect(readCgroupLimits(root)).toEqual({
      memoryLimitBytes: null,
      memoryAvailableBytes: null,
      cpuQuota: null,
    });
  });

  it("limits, use and quota are read from each controller's own tree", () => {
    const root = fakeRoot({
      "proc/self/mountinfo": v1Mounts,
      "proc/self/cgroup": "4:memory:/jobs/7\n1:cpu,cpuacct:/jobs\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": v1Unlimited,
      "sys/fs/cgroup/memory/jobs/memory.limit_in_bytes": `${12 * gib}\n`,
      "sys/fs/cgroup/memory/jobs/memory.usage_in_bytes": `${11 * gib}\n`,
      "sys/fs/cgroup/memory/jobs/memory.stat": `inactive_file 0\ntotal_active_file ${gib}\ntotal_inactive_file ${2 * gib}\n`,
      "sys/fs/cgroup/memory/jobs/7/memory.limit_in_bytes": v1Unlimited,
      "sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_quota_us": "200000\n",
      "sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_period_us": "100000\n",
    });
    expect(readCgroupLimits(root)).toEqual({
      memoryLimitBytes: 12 * gib,
      memoryAvailableBytes: 4 * gib,
      cpuQuota: 2,
    });
  });

  it("a container's path is the host's, of which the mount shows the rest", () => {
    const root = fakeRoot({
      "proc/self/mountinfo":
        "35 24 0:31 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
      "proc/self/cgroup": "4:memory:/docker/abc\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": `${3 * gib}\n`,
      "sys/fs/cgroup/memory/memory.usage_in_bytes": `${gib}\n`,
    });
    expect(readCgroupLimits(root)).toMatchObject({
      memoryLimitBytes: 3 * gib,
      memoryAvailableBytes: 2 * gib,
    });
  });
});

it("a system without control groups has no limits", () => {
  expect(readCgroupLimits(fakeRoot({}))).toEqual({
    memoryLimitBytes: null,
    memoryAvailableBytes: null,
    cpuQuota: null,
  });
});
