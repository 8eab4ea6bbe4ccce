import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { processStart, stillRuns } from "../../../src/base/processProbe.ts";
import { wholeModel } from "../../../src/engines/engine.ts";
import { LlamaChild } from "../../../src/engines/llamacpp/llamaChild.ts";
import { toyWeights } from "../toyWeights.ts";

const path = await toyWeights();
const program = fileURLToPath(new URL("parent.mjs", import.meta.url));
const module = new URL("../../../dist/engines/llamacpp/llamaChild.js", import.meta.url).href;

interface Parent {
  readonly process: ChildProcess;
  readonly childPid: number;
  /** Resolves once the parent has said it. */
  readonly hears: (line: string) => Promise<void>;
}

async function startParent(...args: string[]): Promise<Parent> {
  return follow(spawn(process.execPath, [program, module, path, ...args]));
}

/** @param process_ says its child's number first */
async function follow(process_: ChildProcessWithoutNullStreams): Promise<Parent> {
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  const { value } = (await lines.next()) as { value: string };
  return {
    process: process_,
    childPid: Number(value),
    hears: async (line) => {
      for (let next = await lines.next(); next.value !== line; next = await lines.next())
        if (next.done === true) throw new Error(`the parent ended before it said ${line}`);
    },
  };
}

/** The test's own limit ends a wait in vain. */
async function gone(pid: number, start: string | null): Promise<true> {
  while (await stillRuns(pid, start)) await sleep(20);
  return true;
}

describe("a child whose parent dies", () => {
  it("ends too, inside a long call of llama.cpp", async () => {
    const { process: parent, childPid, hears } = await startParent();
    const start = await processStart(childPid);
    await hears("warm_up 1");
    parent.kill("SIGKILL");
    expect(await gone(childPid, start)).toBe(true);
  });

  it("ends too, while it opens llama.cpp", async () => {
    const { process: parent, childPid } = await startParent("open");
    const start = await processStart(childPid);
    parent.kill("SIGKILL");
    expect(await gone(childPid, start)).toBe(true);
  });
});

// Windows leaves an orphan its parent's number: there it ends when it has opened llama.cpp.
it.skipIf(process.platform === "win32")(
  "a child that is stuck in a driver while it opens llama.cpp ends with its parent too",
  async () => {
    const file = fileURLToPath(new URL("stuckOpening.mjs", import.meta.url));
    const worker = new URL("../../../dist/engines/llamacpp/requestWorker.js", import.meta.url).href;
    const { process: parent, childPid } = await follow(
      spawn(process.execPath, [file, worker, "parent"]),
    );
    const start = await processStart(childPid);
    parent.kill("SIGKILL");
    expect(await gone(childPid, start)).toBe(true);
  },
);

describe("a child that measures", () => {
  it.skipIf(process.platform === "win32")("leaves Ctrl-C to its parent", async () => {
    const child = new LlamaChild("cpu");
    await child.request({ type: "probe" });
    await child.request({ type: "load", path, ...wholeModel, gpuLayers: 0 });
    process.kill(child.pid ?? 0, "SIGINT");
    await expect(child.request({ type: "probe" })).resolves.toBeDefined();
    await child.close();
    expect(child.alive).toBe(false);
  });
});
