import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { Processes } from "../../scripts/chaos/processes.mjs";
import { readJournal } from "../../src/results/readJournal.ts";
import { cliFile } from "../cli/llmbench.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench signals "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A case of a moment, and one of minutes. */
const matrix = "-m toy-4m -p 8 -n 8000 -r 20 --launches 1 --warmup llama-bench -t 1 --device cpu";

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** Processes that still run. */
  readonly left: readonly string[];
}

/**
 * Starts a run in a process group of its own, as a terminal does, and calls `strike` when stderr says `when`.
 */
async function runUntil(
  directory: string,
  when: RegExp,
  strike: (pid: number) => void,
): Promise<Ended> {
  const processes = new Processes();
  const args = [cliFile, ...matrix.split(" "), "--no-lock", "--output-dir", directory];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...processes.environment },
    detached: true,
  });
  let stderr = "";
  let struck = false;
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
    if (struck || !when.test(stderr)) return;
    struck = true;
    strike(child.pid ?? 0);
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, stderr, left: await processes.leftBehind(10_000) };
}

const secondCase = /^\[2\/2\]/mu;

// Windows sends Ctrl-C to a console's processes, not to one.
describe.skipIf(process.platform === "win32")("a run that is told to stop", () => {
  it.each([
    [
      "by Ctrl-C, which a terminal sends to its child too",
      (pid: number) => process.kill(-pid, "SIGINT"),
    ],
    ["by SIGTERM", (pid: number) => process.kill(pid, "SIGTERM")],
  ])("%s keeps what it has, says how to go on, and exits 130", async (name, strike) => {
    const directory = join(folder, name);
    const { code, stderr, left } = await runUntil(directory, secondCase, strike);
    expect(code).toBe(130);
    expect(left).toEqual([]);
    expect(stderr).toContain(`1 of 2 results are kept in ${directory}`);
    expect(stderr).toContain(`--resume ${directory}`);
    const { cases } = await readJournal(join(directory, "results.jsonl"));
    expect(cases.map(({ test, status }) => [test, status])).toEqual([["pp8", "measured"]]);
    expect(readFileSync(join(directory, "results.csv"), "utf8")).toContain("pp8");
  });

  it("before it has begun leaves nothing behind", async () => {
    const directory = join(folder, "early");
    const args = [cliFile, ...matrix.split(" "), "--no-lock", "--output-dir", directory];
    const processes = new Processes();
    const env = { ...process.env, ...processes.environment };
    const child = spawn(process.execPath, args, { env, detached: true, stdio: "ignore" });
    const closed = once(child, "close");
    // llama.cpp is being opened.
    while (processes.running.length < 2) await sleep(20);
    process.kill(-(child.pid ?? 0), "SIGINT");
    expect([
      [130, null],
      [null, "SIGINT"],
    ]).toContainEqual(await closed);
    expect(await processes.leftBehind(10_000)).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  });

  it("twice ends at once, whatever it is at", async () => {
    const interruption = new URL("../../dist/commands/interruption.js", import.meta.url).href;
    const code = `
      const { interruption } = await import(${JSON.stringify(interruption)});
      interruption();
      console.log("ready");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code]);
    const closed = once(child, "close");
    await once(child.stdout, "data");
    child.kill("SIGINT");
    await once(child.stderr, "data");
    // What npm forwards comes at the same moment, and is the same Ctrl-C.
    await sleep(500);
    child.kill("SIGINT");
    expect(await closed).toEqual([130, null]);
  });
});
