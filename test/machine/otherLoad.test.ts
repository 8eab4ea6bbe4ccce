import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { loadText, loadWarning, otherLoad, watchLoad } from "../../src/machine/otherLoad.ts";

describe("other load", () => {
  it.each([
    ["an idle machine", 0.1, 8],
    ["a background task on many cores", 1.5, 32],
    ["a moment that is too short to tell", null, 2],
  ])("is not noticed of %s", (_, busy_cpus, cpus) => {
    expect(loadText({ busy_cpus, cpus, busy_gpus: [] })).toBeNull();
  });

  it("is told with the programs to close", () => {
    expect(loadText({ busy_cpus: 3.96, cpus: 8, busy_gpus: [] }, ["cc1plus", "chrome"])).toBe(
      "other processes keep 4.0 of 8 CPUs busy (cc1plus, chrome)",
    );
  });

  it.each([
    [98, ["NVIDIA GeForce RTX 4090 is 98% busy"]],
    [9, []],
    [null, []],
  ])("of a GPU that computes %s%% of the time", async (busyPercent, busy_gpus) => {
    const card = {
      vendor: "nvidia",
      name: "NVIDIA GeForce RTX 4090",
      memoryBytes: null,
      driver: null,
      busyPercent,
    } as const;
    expect((await otherLoad([card])).busy_gpus).toEqual(busy_gpus);
  });

  it("warns with what it costs", async () => {
    const busy_gpus = ["NVIDIA GeForce RTX 4090 is 98% busy"];
    expect(await loadWarning({ busy_cpus: 0, cpus: 8, busy_gpus })).toBe(
      "NVIDIA GeForce RTX 4090 is 98% busy: numbers will be lower than this machine's own",
    );
  });

  it("leaves out what our children take", () => {
    const began = performance.now();
    const loadSince = watchLoad([]);
    // By its own clock: beside other programs it takes longer for the same work.
    const busy = "while (process.cpuUsage().user < 400_000); ";
    const program = `${busy}const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)`;
    const childMs = Number(execFileSync(process.execPath, ["-e", program]));
    const ofAll = loadSince(0).busy_cpus ?? NaN;
    const childCpus = childMs / (performance.now() - began);
    expect(ofAll).toBeGreaterThan(0.8 * childCpus);
    expect(loadSince(childMs).busy_cpus).toBeLessThan(ofAll - 0.8 * childCpus);
  });
});
