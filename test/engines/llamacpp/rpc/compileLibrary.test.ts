import { spawn } from "node:child_process";
import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  librariesFolder,
  linkedLibraries,
  packageName,
} from "../../../../scripts/bench/enginePackages.mjs";
import { packageFolder } from "../../../../src/base/packageFolder.ts";
import { compileLibrary } from "../../../../src/engines/llamacpp/rpc/compileLibrary.ts";
import { canServe, freePort, lend } from "./lent.ts";

const base = canServe
  ? String(linkedLibraries(librariesFolder(packageName("cpu"))).at(-1))
  : "nothing";

async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "llmbench-compile-"));
}

describe.runIf(canServe)("the RPC backend", () => {
  const { PATH: path, CXX: compiler } = process.env;
  afterEach(() => {
    process.env["PATH"] = path;
    if (compiler === undefined) delete process.env["CXX"];
    else process.env["CXX"] = compiler;
  });

  it("is one file, whoever compiles it at the same time", async () => {
    const at = await folder();
    const target = join(at, "made", "libggml-rpc.so");
    await Promise.all([compileLibrary(base, target), compileLibrary(base, target)]);
    expect(await readdir(join(at, "made"))).toEqual(["libggml-rpc.so"]);
    const { serving } = await lend({ library: target });
    expect(serving.devices).toHaveLength(1);
  });

  it("says what to install where there is no compiler", async () => {
    process.env["PATH"] = "";
    delete process.env["CXX"];
    await expect(compileLibrary(base, join(await folder(), "x.so"))).rejects.toThrow(
      /takes a C\+\+ compiler and git: install them.*--rpc-library FILE/u,
    );
  });

  it("says what a compiler said that doesn't compile it", async () => {
    const at = await folder();
    const broken = join(at, "c++");
    await writeFile(broken, "#!/bin/sh\necho 'error: out of patience' >&2\nexit 1\n", {
      mode: 0o755,
    });
    process.env["CXX"] = broken;
    await expect(compileLibrary(base, join(at, "x.so"))).rejects.toThrow(
      /didn't compile: .*error: out of patience.*--rpc-library/u,
    );
  });

  it("says that it can't be kept, before it compiles in vain", async () => {
    const file = join(await folder(), "file");
    await writeFile(file, "");
    await expect(compileLibrary(base, join(file, "rpc", "x.so"))).rejects.toThrow(
      /can't be written.*LLMBENCH_CACHE/u,
    );
  });

  it("leaves nothing behind where it is interrupted", async () => {
    const [cache, temporary] = [await folder(), await folder()];
    const port = await freePort();
    const args = [packageFolder("dist/cli.js"), "rpc", "--device", "cpu", "--port", String(port)];
    const child = spawn(process.execPath, args, {
      stdio: "ignore",
      env: { ...process.env, LLMBENCH_CACHE: cache, TMPDIR: temporary },
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await expect
      .poll(async () => (await readdir(temporary)).length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(await readdir(temporary)).toEqual([]);
    const made = await readdir(join(cache, "rpc"), { recursive: true });
    expect(made.filter((name) => name.endsWith(".so") || name.endsWith(".dylib"))).toEqual([]);
  });
});
