import { execFileSync, spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openForeign, readForeign } from "../../src/base/foreignFile.ts";
import { cliFile } from "../cli/llmbench.ts";
import { freshFolder } from "../results/folders.ts";
import { measured, runLine } from "../results/journals.ts";

const limitMs = 20_000;

function pipe(name: string): string {
  const path = join(freshFolder(), name);
  execFileSync("mkfifo", [path]);
  return path;
}

/** A command that hangs has no status. */
const options = { encoding: "utf8", timeout: limitMs } as const;

function ended(...args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, [cliFile, ...args], options);
  return { status, stderr };
}

const refusal = (name: string) => ({
  status: 2,
  stderr: expect.stringMatching(
    new RegExp(`^[^\\n]*${name}: can't be read: it is a pipe or a device[^\\n]*\\n$`),
  ) as string,
});

/** With the file's content as its stdin. */
function through(file: string, ...args: string[]) {
  const script = 'cat "$0" | exec "$@"';
  return spawnSync("/bin/sh", ["-c", script, file, process.execPath, cliFile, ...args], options);
}

describe("a file", () => {
  it("is read whole up to its limit", () => {
    const path = join(freshFolder(), "file");
    for (const size of [0, 1, 65_536, 100_000]) {
      writeFileSync(path, "x".repeat(size));
      expect(readForeign(path, 100_000)?.toString()).toBe("x".repeat(size));
    }
    expect(readForeign(path, 99_999)).toBeNull();
  });
});

// Windows has neither in a folder.
describe.skipIf(process.platform === "win32")("what is no file", () => {
  it("is refused before it is opened", () => {
    for (const path of [pipe("pipe"), "/dev/zero"]) {
      expect(() => openForeign(path)).toThrow(/a pipe or a device/);
      expect(() => readForeign(path, 10)).toThrow(/a pipe or a device/);
    }
  });

  it.each([
    ["y.yaml", (path: string) => ["run", "--suite", path, "--dry-run"]],
    ["m.yaml", (path: string) => ["fit", "--machine", path]],
    ["m.yaml", (path: string) => ["fit", "--model", path]],
    ["f.csv", (path: string) => ["compare", path, path]],
    ["f.jsonl", (path: string) => ["report", path]],
    ["f.zip", (path: string) => ["verify", path]],
    ["results.jsonl", (path: string) => ["run", "--resume", join(path, "..")]],
  ])("is refused in a line as %s: a pipe", (name, args) => {
    expect(ended(...args(pipe(name)))).toEqual(refusal(name));
  });

  it.each([
    ["z.yaml", ["run", "--dry-run", "--suite"]],
    ["z.csv", ["report"]],
  ])("is refused in a line as %s: a device", (name, args) => {
    const path = join(freshFolder(), name);
    symlinkSync("/dev/zero", path);
    expect(ended(...args, path)).toEqual(refusal(name));
  });
});

describe.skipIf(process.platform === "win32")("a pipe that the shell made", () => {
  it("may be a suite", () => {
    const suite = join(import.meta.dirname, "../../configs/standard.yaml");
    const { status, stdout } = through(suite, "run", "--dry-run", "--suite", "/dev/stdin");
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("2 cases"),
    });
  });

  it("may be a journal", () => {
    const journal = join(freshFolder(), "results.jsonl");
    const lines = [runLine, { type: "case", ...measured }].map((line) => JSON.stringify(line));
    writeFileSync(journal, `${lines.join("\n")}\n`);
    const { status, stdout } = through(journal, "report", "/dev/stdin", "-o", "csv");
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(measured.case_id),
    });
  });

  it("is read no further than a file of its kind may go", () => {
    const { status, stderr } = through("/dev/zero", "run", "--dry-run", "--suite", "/dev/stdin");
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("bytes at most"),
    });
  });
});
