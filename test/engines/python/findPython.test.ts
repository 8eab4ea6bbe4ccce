import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { findPython } from "../../../src/engines/python/findPython.ts";
import { frameworks } from "../../../src/engines/python/frameworks.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench python "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** A program that answers every question alike. */
function program(path: string, answer: string): string {
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(path, 0o755);
  return path;
}

const python = (name: string, answer: string) => program(join(folder, name), answer);

/** A folder as an environment has it. */
function environment(name: string, answer: string): string {
  const home = join(folder, name);
  mkdirSync(join(home, "bin"), { recursive: true });
  program(join(home, "bin", "python"), answer);
  return home;
}

// Shell scripts stand in for Pythons of every age.
describe.skipIf(process.platform === "win32")("the Python that a framework runs in", () => {
  const { torch } = frameworks;

  it("is the one that was named, where it has the framework", async () => {
    const named = python("good", "3.12 2.15.0+cpu");
    expect(await findPython(torch, named, { environment: {} })).toMatchObject({
      command: named,
      args: [],
    });
  });

  it.each([
    ["nowhere", null, /is no Python that runs/u],
    ["silent", "hello", /is no Python that runs/u],
    ["old", "2.7 -", /is Python 2\.7, and 3\.10 or newer is needed/u],
    ["bare", "3.12 -", /\(Python 3\.12\) has no torch; type: \S.*bare -m pip install torch/u],
    [
      "aged",
      "3.12 1.13.1",
      /has torch 1\.13\.1, and 2\.5 or newer is needed; type: .*--upgrade torch/u,
    ],
  ] as const)("is an error where the named one is %s", async (name, answer, words) => {
    const named = answer === null ? join(folder, name) : python(name, answer);
    const finding = findPython(torch, named, { environment: {} });
    await expect(finding).rejects.toMatchObject({ code: "engine" });
    await expect(finding).rejects.toThrow(words);
  });

  it("is the active environment's before uv's, a virtual one before conda's", async () => {
    const virtual = environment("venv", "3.12 2.15.0");
    const conda = environment("conda", "3.12 2.15.0");
    const active = { VIRTUAL_ENV: virtual, CONDA_PREFIX: conda };
    const { command } = await findPython(torch, null, { environment: active });
    expect(command).toBe(join(virtual, "bin", "python"));
  });

  it("comes through uv, pinned and in a process of its own, where no environment has the framework", async () => {
    program(join(folder, "uv"), "uv 1");
    vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
    const active = { VIRTUAL_ENV: environment("empty", "3.12 -") };
    const found = await findPython(torch, null, { environment: active });
    expect(found).toMatchObject({ command: "uv", startsAnother: true });
    expect(found.args).toEqual(
      expect.arrayContaining(["--no-project", expect.stringMatching(/workers.torch\.txt$/u)]),
    );
  });

  it("is an error that says what to type, where there is none and no uv", async () => {
    vi.stubEnv("PATH", "/nowhere");
    await expect(findPython(torch, null, { environment: {} })).rejects.toThrow(
      /no environment is active; type: pip install uv, .* or name a Python that has it with --python/u,
    );
  });
});
