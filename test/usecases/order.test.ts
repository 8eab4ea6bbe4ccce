/** What is wrong with an order is told before anything is started: no engine is asked here. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { orderOf } from "../../src/usecases/order.ts";
import { cliFile } from "../cli/llmbench.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench order "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;

function orderIn(outputDir: string) {
  const given = { models: ["toy-4m"], device: "cpu" as const, nPrompt: [8], nGen: [0], outputDir };
  return orderOf(given, async () => {});
}

describe("a run's folder", () => {
  const file = join(folder, "a file");
  writeFileSync(file, "");
  const holding = join(folder, "journal is a folder");
  mkdirSync(join(holding, "results.jsonl"), { recursive: true });

  it.each<[string, string, RegExp]>([
    ["below a file", join(file, "run"), /a part of the path is a file, not a folder/u],
    ["that is a file", file, /a file stands there, where a folder is needed/u],
    ["with too long a name", join(folder, "new", "x".repeat(300)), /the path is too long/u],
    ["whose journal is a folder", holding, /it is a folder/u],
    ["that is a device's", "/dev/null/run", /a part of the path is a file, not a folder/u],
  ])("%s is refused", async (_, outputDir, message) => {
    await expect(orderIn(outputDir)).rejects.toThrow(
      expect.objectContaining({
        code: "output",
        exitCode: 2,
        message: expect.stringMatching(message) as unknown,
      }),
    );
  });

  it.runIf(process.platform === "linux")("where none can be made is refused", async () => {
    await expect(orderIn("/proc/x")).rejects.toThrow(
      /^\/proc\/x\/results\.jsonl: can't be written: no folder can be made there; .*--output-dir$/u,
    );
  });

  it.skipIf(isRoot || process.platform === "win32")(
    "that may not be written is refused, and so is a journal that a run left empty",
    async () => {
      const mode = join(folder, "read-only");
      mkdirSync(mode);
      chmodSync(mode, 0o555);
      await expect(orderIn(join(mode, "run"))).rejects.toThrow(/no permission; choose another/u);
      const left = join(folder, "left");
      mkdirSync(left);
      writeFileSync(join(left, "results.jsonl"), "", { mode: 0o444 });
      await expect(orderIn(left)).rejects.toThrow(/no permission; choose another/u);
    },
  );

  it("is tried, and nothing of that is left: the run makes it", async () => {
    const below = join(folder, "one", "two");
    const there = join(folder, "there");
    mkdirSync(there);
    await orderIn(below);
    await orderIn(there);
    expect(existsSync(join(folder, "one"))).toBe(false);
    expect(readdirSync(there)).toEqual([]);
    expect(existsSync(join(folder, "new"))).toBe(false);
  });
});

/** Node, as somebody who may raise no priority; null where there is nobody who can start it. */
function asNobody(args: readonly string[]): { status: number | null; stderr: string } | null {
  const who = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  const options = { ...who, cwd: tmpdir(), encoding: "utf8" } as const;
  const may = spawnSync(
    process.execPath,
    ["-e", "require('node:os').setPriority(-5)"],
    options,
  ).status;
  const starts = spawnSync(process.execPath, [cliFile, "--version"], options).status;
  return may === 0 || starts !== 0
    ? null
    : spawnSync(process.execPath, [cliFile, ...args], options);
}

const quick = "-m toy-4m -p 8 -n 0 --device cpu --no-lock".split(" ");

describe.skipIf(asNobody(["--version"]) === null)("a priority that the system doesn't give", () => {
  it("is told before the engine starts, with the way out", () => {
    const path = join(folder, "for all");
    mkdirSync(path, { mode: 0o777 });
    chmodSync(folder, 0o755);
    chmodSync(path, 0o777);
    const ended = asNobody([...quick, "--prio", "0,2", "--output-dir", join(path, "run")]);
    expect(ended).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^llmbench: --prio 2: the system gives this process no such priority \(E\w+\); .*leave --prio out\n$/u,
      ) as unknown,
    });
    expect(existsSync(join(path, "run"))).toBe(false);
  });
});
