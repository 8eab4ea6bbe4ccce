import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readJournal } from "../../src/results/readJournal.ts";
import { cliFile } from "../cli/llmbench.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench disk "));
const mounted: string[] = [];
afterAll(() => {
  for (const path of mounted) execFileSync("umount", [path]);
  rmSync(folder, { recursive: true, force: true });
});

const quick = "-m toy-4m -r 1 --launches 1 --warmup llama-bench -t 1 --device cpu".split(" ");
const twelve = "-p 1-6 -n 1-6".split(" ");
const one = "-p 8 -n 0".split(" ");

/** @param stdout a file for it; its text is not looked at */
function llmbench(args: readonly string[], stdout?: string): { status: number; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [cliFile, ...args, "--no-lock"], {
    encoding: "utf8",
    stdio: ["ignore", stdout === undefined ? "ignore" : openSync(stdout, "w"), "pipe"],
  });
  expect(stderr).not.toMatch(/\n\s+at /u);
  return { status: status ?? -1, stderr };
}

/** A disk of its own; only root may have one. */
function mountDisk(name: string, size: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  mounted.push(path);
  return path;
}

const mayMount =
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", folder]).status === 0;

const journalOf = (directory: string) => join(directory, "results.jsonl");

describe.runIf(mayMount)("a disk that fills in the middle of a run", () => {
  it("ends it with a clear error; the results so far stand, and a resume completes them", async () => {
    const disk = mountDisk("small disk", "32k");
    const directory = join(disk, "run");
    const { status, stderr } = llmbench([...quick, ...twelve, "--output-dir", directory]);
    expect(status).toBe(2);
    expect(stderr).toContain(`${journalOf(directory)}: can't be written: no space is left`);
    expect(stderr).toContain(`kept in ${directory}; go on with llmbench --resume ${directory}`);
    const { cases } = await readJournal(journalOf(directory));
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.length).toBeLessThan(12);
    const before = readFileSync(journalOf(directory), "utf8");

    execFileSync("mount", ["-o", "remount,ro", disk]);
    expect(llmbench(["--resume", directory])).toEqual({
      status: 2,
      stderr: expect.stringContaining(
        `${journalOf(directory)}: can't be written: the file system is read-only; resume a copy of the folder elsewhere\n`,
      ) as string,
    });

    execFileSync("mount", ["-o", "remount,rw,size=8m", disk]);
    appendFileSync(journalOf(directory), '{"type":"case","case_id":');
    const resumed = llmbench(["--resume", directory]);
    expect(resumed.status).toBe(0);
    expect(resumed.stderr).toContain(
      `warning: ${journalOf(directory)}: the last line was torn and is cut off`,
    );
    const after = await readJournal(journalOf(directory));
    expect(after.cases.map(({ status: measured }) => measured)).toEqual(
      Array.from({ length: 12 }, () => "measured"),
    );
    expect(readFileSync(journalOf(directory), "utf8").startsWith(before)).toBe(true);
  });
});

// Root may write anywhere but to a disk that is read-only.
describe.skipIf(process.platform === "win32" || (process.getuid?.() === 0 && !mayMount))(
  "a folder that can't be written",
  () => {
    it("is said before anything is measured", () => {
      const parent = mayMount ? mountDisk("read-only disk", "1m") : join(folder, "read-only");
      if (mayMount) execFileSync("mount", ["-o", "remount,ro", parent]);
      else {
        mkdirSync(parent);
        chmodSync(parent, 0o555);
      }
      const { status, stderr } = llmbench([...quick, ...one, "--output-dir", join(parent, "run")]);
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /run\/results\.jsonl: can't be written: .*another folder with --output-dir$/mu,
      );
      expect(stderr).not.toContain("pp8");
    });
  },
);

describe.skipIf(process.platform !== "linux")("a folder that can't be made", () => {
  it("is said to be that, with the way out", () => {
    expect(llmbench([...quick, ...one, "--output-dir", "/proc/x"])).toEqual({
      status: 2,
      stderr: expect.stringContaining(
        "/proc/x/results.jsonl: can't be written: no folder can be made there; choose another folder with --output-dir\n",
      ) as string,
    });
  });
});

describe.skipIf(process.platform !== "linux")("a device without space", () => {
  it("in the journal's place fails before anything is measured", () => {
    const directory = join(folder, "full journal");
    mkdirSync(directory);
    symlinkSync("/dev/full", journalOf(directory));
    const { status, stderr } = llmbench([...quick, ...one, "--output-dir", directory]);
    expect(status).toBe(2);
    expect(stderr).toContain("no space is left");
    expect(stderr).not.toContain("pp8");
  });

  it("behind stdout is said, and the run's files are whole", async () => {
    const directory = join(folder, "full stdout");
    const args = [...quick, ...one, "--quiet", "--output-dir", directory];
    const { status, stderr } = llmbench(args, "/dev/full");
    expect(status).toBe(2);
    expect(stderr).toMatch(/^llmbench: standard output can't be written: ENOSPC.*$/mu);
    expect((await readJournal(journalOf(directory))).cases).toHaveLength(1);
    expect(readFileSync(join(directory, "results.csv"), "utf8")).toContain("pp8");
  });
});
