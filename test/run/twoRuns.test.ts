import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { readJournal } from "../../src/results/readJournal.ts";
import { cliFile } from "../cli/llmbench.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench two runs "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const matrix = "-m toy-4m -p 1-6 -n 64,65 -r 3 --launches 1 --warmup llama-bench -t 1 --device cpu";

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

function run(args: readonly string[], onError: (text: string, run: ChildProcess) => void): Run {
  const child = spawn(process.execPath, [cliFile, ...args, "--no-lock"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
    onError(stderr, child);
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stderr }));
  return { child, ended };
}

const listen = () => {};
const another = (directory: string, { child }: Run): RegExp =>
  new RegExp(
    `^llmbench: ${directory}: another run writes there: process ${child.pid}, since \\S+Z; `,
    "mu",
  );

/** What came of two runs, the refused one first, and of their folder. */
async function outcome(directory: string, runs: readonly [Run, Run]): Promise<object> {
  const ends = await Promise.all([runs[0].ended, runs[1].ended]);
  const refused = ends[0].code === 2 ? 0 : 1;
  const { cases, notes } = await readJournal(join(directory, "results.jsonl"));
  return {
    codes: [ends[refused].code, ends[1 - refused]?.code],
    namesTheOther: another(directory, runs[1 - refused] ?? runs[0]).test(ends[refused].stderr),
    measured: cases.filter(({ status }) => status === "measured").length,
    notes,
    locks: readdirSync(directory).filter((name) => name.includes("lock")),
  };
}

const oneMeasuresAll = {
  codes: [2, 0],
  namesTheOther: true,
  measured: 8,
  notes: [],
  locks: [],
};

describe("of two runs on one folder, --no-lock or not,", () => {
  it("one resumes what was killed, at once, and the other is refused", async () => {
    const directory = join(folder, "killed");
    const killed = run([...matrix.split(" "), "--output-dir", directory], (text, child) => {
      if (/ pp1: [\d.]+ ± /u.test(text)) child.kill("SIGKILL");
    });
    expect((await killed.ended).code).toBe(null);
    expect(readdirSync(directory)).toContain("results.jsonl.lock");
    const first = run(["--resume", directory], listen);
    await sleep(300);
    const second = run(["--resume", directory], listen);
    expect(await outcome(directory, [first, second])).toEqual(oneMeasuresAll);
  });

  it("one begins in an empty folder, and the other is refused", async () => {
    const directory = join(folder, "empty");
    mkdirSync(directory);
    const args = [...matrix.split(" "), "--output-dir", directory];
    expect(await outcome(directory, [run(args, listen), run(args, listen)])).toEqual(
      oneMeasuresAll,
    );
  });
});
