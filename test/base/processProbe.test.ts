import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { describe, expect, it } from "vitest";
import { processActivity, processStart, stillRuns } from "../../src/base/processProbe.ts";

/** Says when it begins, and does what the code says. */
async function startProgram(code: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn(process.execPath, ["-e", `console.log("begun"); ${code}`]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child as ChildProcess & { readonly pid: number };
}

async function end(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await closed;
}

/** Asks until the answer differs from `before`; the test's own limit ends a wait in vain. */
async function changed(pid: number, before: string | null): Promise<true> {
  while ((await processActivity(pid)) === before);
  return true;
}

const blocked = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)";

describe("a process's start", () => {
  it("is the same whenever it is asked", async () => {
    const start = await processStart(process.pid);
    expect(start).not.toBeNull();
    expect(await processStart(process.pid)).toBe(start);
    expect(await stillRuns(process.pid, start)).toBe(true);
  });

  it("is unknown of one that is gone", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    expect(await processStart(pid)).toBeNull();
    expect(await stillRuns(pid, null)).toBe(false);
  });

  it("tells a process from another that has its number", async () => {
    expect(await stillRuns(process.pid, "another time")).toBe(false);
  });
});

describe("a process's activity", () => {
  it("stands still while it waits in a call", async () => {
    const child = await startProgram(blocked);
    // Whatever it still has to do after its first words.
    let [before, now] = ["", (await processActivity(child.pid)) ?? ""];
    while (before !== now) {
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 200));
      now = (await processActivity(child.pid)) ?? "";
    }
    expect(now).not.toBe("");
    await end(child);
  });

  it("goes on while it computes", async () => {
    const child = await startProgram("for (;;);");
    expect(await changed(child.pid, await processActivity(child.pid))).toBe(true);
    await end(child);
  });

  it.runIf(process.platform !== "darwin")("goes on while it reads or writes", async () => {
    const child = await startProgram(
      "setInterval(() => require('node:fs').readFileSync(process.execPath), 20)",
    );
    expect(await changed(child.pid, await processActivity(child.pid))).toBe(true);
    await end(child);
  });

  it("is unknown of one that is gone", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    expect(await processActivity(pid)).toBeNull();
  });
});
