import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { lockMachine } from "../../src/machine/reserve.ts";
import { llmbench } from "../cli/llmbench.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench lock "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where Node looks for the folder of temporary files. */
const env = { TMPDIR: folder, TEMP: folder, TMP: folder };
const quick = "-m toy-4m -p 8 -n 0 -r 1 --launches 1 --warmup llama-bench -t 1 --device cpu".split(
  " ",
);

it("a second run on a machine is refused before it asks llama.cpp anything, and a dry run is not", async () => {
  const held = await lockMachine(join(folder, "llmbench.lock"));
  const { status, stdout, stderr } = llmbench(quick, env);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(
    new RegExp(
      `^llmbench: another run is under way on this machine: process ${process.pid}, since \\S+Z; .*--no-lock.*\n$`,
      "u",
    ),
  );
  expect(llmbench([...quick, "--dry-run"], env).status).toBe(0);
  held.release();
});

it("a device that isn't there is told before another run is", async () => {
  const held = await lockMachine(join(folder, "llmbench.lock"));
  const named = quick.filter((word) => word !== "--device" && word !== "cpu");
  const { status, stderr } = llmbench([...named, "--device", "CUDA7"], env);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^llmbench: .*CUDA7: this machine has /u);
  expect(stderr).not.toContain("another run");
  // What is there is refused as any other run.
  expect(llmbench([...quick, "--split-mode", "none"], env).stderr).toContain("another run");
  held.release();
});

it("a run that has all its results is told again beside another", async () => {
  const directory = join(folder, "complete");
  expect(llmbench([...quick, "--output-dir", directory], env).status).toBe(0);
  const held = await lockMachine(join(folder, "llmbench.lock"));
  const { status, stdout } = llmbench(["--resume", directory], env);
  held.release();
  rmSync(directory, { recursive: true });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("pp8") });
});

it("a run gives the lock back", () => {
  const directory = join(folder, "run");
  expect(llmbench([...quick, "--output-dir", directory], env).status).toBe(0);
  expect(readdirSync(folder)).toEqual(["run"]);
});
