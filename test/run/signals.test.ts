import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { Processes } from "../../scripts/chaos/processes.mjs";
import { testName } from "../../src/bench/workload.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import { cliFile } from "../cli/llmbench.ts";
import { hasTerminal, onTerminal } from "../cli/onTerminal.ts";

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
  cases = matrix,
): Promise<Ended> {
  const processes = new Processes();
  const args = [cliFile, ...cases.split(" "), "--no-lock", "--output-dir", directory];
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

/** Sends a signal to a command and its children, as a terminal does, as soon as it has one. */
async function strikeEarly(args: readonly string[], signal: NodeJS.Signals): Promise<Ended> {
  const processes = new Processes();
  const child = spawn(process.execPath, [cliFile, ...args], {
    env: { ...process.env, ...processes.environment },
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const closed = once(child, "close");
  while (processes.running.length < 2) await sleep(20);
  process.kill(-(child.pid ?? 0), signal);
  const [code, by] = (await closed) as [number | null, NodeJS.Signals | null];
  return { code, signal: by, stderr, left: await processes.leftBehind(10_000) };
}

const secondCase = /^\[2\/2\]/mu;

// Windows sends Ctrl-C to a console's processes, not to one.
describe.skipIf(process.platform === "win32")("a command that asks llama.cpp", () => {
  it.each(["devices", "fit --model toy-4m"])("(%s) exits 130 by a signal", async (line) => {
    expect(await strikeEarly(line.split(" "), "SIGINT")).toEqual({
      code: 130,
      signal: null,
      stderr: "llmbench: interrupted\n",
      left: [],
    });
  });
});

describe.skipIf(process.platform === "win32")("a run that is told to stop", () => {
  it.each([
    [
      "by Ctrl-C, which a terminal sends to its child too",
      (pid: number) => process.kill(-pid, "SIGINT"),
    ],
    ["by SIGTERM", (pid: number) => process.kill(pid, "SIGTERM")],
    ["by a terminal that is closed", (pid: number) => process.kill(-pid, "SIGHUP")],
  ])("%s keeps what it has, says how to go on, and exits 130", async (name, strike) => {
    const directory = join(folder, name);
    const { code, stderr, left } = await runUntil(directory, secondCase, strike);
    expect(code).toBe(130);
    expect(left).toEqual([]);
    expect(stderr).toContain(`1 of 2 results are kept in ${directory}`);
    expect(stderr).toContain(`--resume ${directory}`);
    const { cases } = await readJournal(join(directory, "results.jsonl"));
    expect(cases.map(({ workload, status }) => [testName(workload), status])).toEqual([
      ["pp8", "measured"],
    ]);
    expect(readFileSync(join(directory, "results.csv"), "utf8")).toContain("pp8");
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "by %s before it has begun says so, exits 130 and leaves nothing behind",
    async (signal) => {
      const directory = join(folder, `early ${signal}`);
      const args = [...matrix.split(" "), "--no-lock", "--output-dir", directory];
      expect(await strikeEarly(args, signal)).toEqual({
        code: 130,
        signal: null,
        stderr: "llmbench: interrupted; nothing was measured\n",
        left: [],
      });
      expect(existsSync(directory)).toBe(false);
    },
  );

  it("before it goes on says what is kept, and leaves the journal as it was", async () => {
    const directory = join(folder, "resumed early");
    await runUntil(directory, secondCase, (pid) => process.kill(pid, "SIGKILL"));
    const journal = readFileSync(join(directory, "results.jsonl"), "utf8");
    const ended = await strikeEarly(["--resume", directory, "--no-lock"], "SIGTERM");
    expect(ended).toEqual({
      code: 130,
      signal: null,
      stderr: `llmbench: interrupted; nothing more was measured: the results so far are kept in ${directory}\n`,
      left: [],
    });
    expect(readFileSync(join(directory, "results.jsonl"), "utf8")).toBe(journal);
  });

  it.runIf(hasTerminal)("by its terminal's end keeps what it has, and exits 130", async () => {
    const directory = join(folder, "hung up");
    const args = [...matrix.split(" "), "--no-lock", "--output-dir", directory];
    expect(onTerminal(args, 80, {}, "[2/2]").status).toBe(130);
    const { cases } = await readJournal(join(directory, "results.jsonl"));
    expect(cases.map(({ workload }) => testName(workload))).toEqual(["pp8"]);
    expect(readFileSync(join(directory, "results.csv"), "utf8")).toContain("pp8");
  });

  it("when all is measured finishes the report, and exits as finished", async () => {
    const directory = join(folder, "late");
    const measured = /^toy-4m q4_0 tg9: /mu;
    const { code, stderr, left } = await runUntil(
      directory,
      measured,
      (pid) => process.kill(-pid, "SIGINT"),
      matrix.replace("8000 -r 20", "9 -r 1"),
    );
    expect({ code, left }).toEqual({ code: 0, left: [] });
    expect(stderr).not.toContain("interrupted");
    expect(stderr).toMatch(/^CSV: .*results\.csv/mu);
    expect(readFileSync(join(directory, "results.csv"), "utf8")).toContain("tg9");
  });

  it("twice ends at once, whatever it is at", async () => {
    const interruption = new URL("../../dist/ui/interruption.js", import.meta.url).href;
    const code = `
      const { heedSignals, stoppable } = await import(${JSON.stringify(interruption)});
      heedSignals();
      setInterval(() => {}, 1000);
      await stoppable(() => new Promise(() => console.log("ready")));`;
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
