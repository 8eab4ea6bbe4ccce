/** A run and the machine that lends to it, each a command in a process group of its own, as in two terminals. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { Processes } from "../../scripts/chaos/processes.mjs";
import type { CaseRecord } from "../../src/bench/record.ts";
import { testName } from "../../src/bench/workload.ts";
import { findServers } from "../../src/engines/llamacpp/rpc/servers.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import { cliFile } from "../cli/llmbench.ts";
import { canServe, freePort } from "../engines/llamacpp/rpc/lent.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench cluster signals "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Command {
  readonly processes = new Processes();
  readonly child: ChildProcess;
  stderr = "";

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [cliFile, ...args], {
      env: { ...process.env, ...this.processes.environment },
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.child.stderr?.on("data", (chunk) => (this.stderr += String(chunk)));
  }

  /** Waits for words that never come as long as the test may take. */
  async said(words: RegExp): Promise<void> {
    while (!words.test(this.stderr)) {
      if (this.child.exitCode !== null) throw new Error(this.stderr);
      await sleep(20);
    }
  }

  /** To all of its processes, as a terminal sends it. */
  strike(signal: NodeJS.Signals): void {
    process.kill(-(this.child.pid ?? 0), signal);
  }

  /** The exit code, and the processes that still run after it. */
  async end(): Promise<{ code: number | null; left: string[] }> {
    if (this.child.exitCode === null) await once(this.child, "close");
    return { code: this.child.exitCode, left: await this.processes.leftBehind(10_000) };
  }
}

const started: Command[] = [];
afterEach(() => {
  for (const { child, processes } of started.splice(0))
    for (const pid of processes.running.filter((one) => one !== child.pid).concat(child.pid ?? []))
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It is gone, as it should be.
      }
});

function command(...args: readonly string[]): Command {
  const one = new Command(args);
  started.push(one);
  return one;
}

async function lending(): Promise<{ lender: Command; rpc: string }> {
  const port = await freePort();
  const lender = command("rpc", "--device", "cpu", "-t", "1", "--port", String(port));
  await lender.said(/^lending CPU/mu);
  return { lender, rpc: `127.0.0.1:${port}` };
}

const ofMinutes = ["-n", "8000", "-r", "20"];

/** A case of a moment, and one that is `long`; then the same on this machine alone, where it isn't said otherwise. */
function running(
  name: string,
  rpc: string,
  long: readonly string[],
  ...more: readonly string[]
): Command {
  const cases = "-m toy-4m -q q4_0 -p 8 --launches 1 --warmup llama-bench -t 1 --device cpu";
  const folderOf = ["--no-lock", "--output-dir", join(folder, name)];
  return command(...cases.split(" "), ...long, ...folderOf, "--rpc", rpc, ...more);
}

const secondCase = /^\[2\/\d\]/mu;

async function results(name: string): Promise<string[]> {
  const { cases } = await readJournal(join(folder, name, "results.jsonl"));
  return cases.map(({ workload, status }: CaseRecord) => `${testName(workload)} ${status}`);
}

async function reasons(name: string): Promise<string[]> {
  const { cases } = await readJournal(join(folder, name, "results.jsonl"));
  return cases.flatMap((one) => (one.status === "failed" ? [JSON.stringify(one.reason)] : []));
}

// Windows sends Ctrl-C to a console's processes, not to one.
describe.runIf(canServe && process.platform !== "win32")(
  "a run that another machine lends to",
  () => {
    it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
      "keeps what it has at a %s of its own, and the other is free again",
      async (signal) => {
        const { lender, rpc } = await lending();
        const run = running(signal, rpc, ofMinutes, "--no-baseline");
        await run.said(secondCase);
        run.strike(signal);
        expect(await run.end()).toEqual({ code: 130, left: [] });
        expect(await results(signal)).toEqual(["pp8 measured"]);
        await expect(findServers(rpc)).resolves.toHaveLength(1);
        lender.strike(signal);
        expect(await lender.end()).toEqual({ code: 0, left: [] });
      },
    );

    it("has one failed row where the other machine's owner wants it back, and goes on alone", async () => {
      const { lender, rpc } = await lending();
      const run = running("taken back", rpc, ["-n", "3000", "-r", "1"]);
      await run.said(secondCase);
      lender.strike("SIGINT");
      expect(await lender.end()).toEqual({ code: 0, left: [] });
      expect(await run.end()).toEqual({ code: 1, left: [] });
      expect(await results("taken back")).toEqual([
        "pp8 measured",
        "tg3000 failed",
        "pp8 measured",
        "tg3000 measured",
      ]);
      const [failed] = await reasons("taken back");
      expect(failed).toMatch(/RPC server, .* \(loopback\), .*nothing listens there/u);
      expect(failed).not.toContain(rpc);
    });

    it("leaves nothing running where both are stopped at once", async () => {
      const { lender, rpc } = await lending();
      const run = running("both", rpc, ofMinutes, "--no-baseline");
      await run.said(secondCase);
      for (const one of [lender, run]) one.strike("SIGINT");
      expect(await run.end()).toEqual({ code: 130, left: [] });
      expect(await lender.end()).toEqual({ code: 0, left: [] });
      expect(await results("both")).toEqual(["pp8 measured"]);
    });
  },
);
