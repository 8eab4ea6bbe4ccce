import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processStart } from "../../src/base/processProbe.ts";
import { lockMachine, lockPath } from "../../src/machine/reserve.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "llmbench lock "));
  path = join(folder, "llmbench.lock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leave(holder: object): void {
  writeFileSync(path, JSON.stringify({ started_at: "2026-11-24T06:00:00.000Z", ...holder }));
}

/** A process that has lived and is gone. */
function goneProcess(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

/**
 * A program that takes a lock and holds it. As another user it loads what it needs before it becomes that user, who need
 * not be able to read the folder that llmbench lies in.
 */
const holding = [
  "--input-type=module",
  "-e",
  `const { lockMachine } = await import(process.argv[1]);
  if (process.argv[4] !== undefined) {
    process.setgroups([]);
    process.setuid(Number(process.argv[4]));
  }
  await lockMachine(process.argv[2]).catch(({ message }) => {
    console.log(message);
    process.exit(2);
  });
  if (process.argv[3] === "exit") process.exit(130);
  console.log("held");
  setInterval(() => {}, 1000);`,
  new URL("../../dist/machine/reserve.js", import.meta.url).href,
];

/** Takes and releases; answers what lay there meanwhile. */
async function taken(): Promise<string[]> {
  const held = await lockMachine(path);
  const files = readdirSync(folder);
  held.release();
  return files;
}

describe("the machine's lock", () => {
  it("stands in the folder for temporary files, under one name", () => {
    expect(lockPath()).toBe(join(tmpdir(), "llmbench.lock"));
  });

  it("is refused while another run holds it, naming process and start", async () => {
    const held = await lockMachine(path);
    await expect(lockMachine(path)).rejects.toThrow(
      new RegExp(`process ${process.pid}, since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z.*--no-lock`, "u"),
    );
    await expect(lockMachine(path)).rejects.toMatchObject({ exitCode: 2 });
    held.release();
  });

  it("is free again once it was released, and leaves nothing behind", async () => {
    for (let turn = 0; turn < 2; turn++) expect(await taken()).toEqual(["llmbench.lock"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is given once where many ask at the same time, a stale one lying there", async () => {
    leave({ pid: goneProcess(), process_start: "long ago" });
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockMachine(path)));
    const held = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(held).toHaveLength(1);
    held[0]?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is stale when its process is gone", async () => {
    leave({ pid: goneProcess(), process_start: null });
    expect(await taken()).toEqual(["llmbench.lock"]);
  });

  it("is stale when another process has taken the number of the one that held it", async () => {
    leave({ pid: process.pid, process_start: `not ${await processStart(process.pid)}` });
    expect(await taken()).toEqual(["llmbench.lock"]);
  });

  it("holds where the number lives and nothing tells whether it is the same process", async () => {
    leave({ pid: process.pid, process_start: null });
    await expect(lockMachine(path)).rejects.toThrow(`process ${process.pid}`);
  });

  it.each(["", "{", "[]", '{"pid":-1}', "\0".repeat(100)])(
    "is stale when a crash of the system left it broken: %j",
    async (text) => {
      writeFileSync(path, text);
      expect(await taken()).toEqual(["llmbench.lock"]);
    },
  );

  it("is not taken from whoever put something else in its place", async () => {
    mkdirSync(path);
    await expect(lockMachine(path)).rejects.toThrow(`remove ${path}, or run with --no-lock`);
    expect(readdirSync(folder)).toEqual(["llmbench.lock"]);
  });

  it("says where it can't be made, and advises to remove nothing", async () => {
    const missing = join(folder, "missing");
    await expect(lockMachine(join(missing, "lock"))).rejects.toMatchObject({
      code: "output",
      message:
        `${missing}: the lock that keeps runs apart can't be made there: no such folder; ` +
        "set TMPDIR to a folder that can be written, or run with --no-lock",
    });
  });

  it("is not removed by its holder when it has become another's", async () => {
    const held = await lockMachine(path);
    leave({ pid: process.pid, process_start: null });
    held.release();
    expect(readdirSync(folder)).toEqual(["llmbench.lock"]);
  });

  it("is given back by a process that exits at once, and stale after one that is killed", async () => {
    const flags = [...holding, path];
    spawnSync(process.execPath, [...flags, "exit"]);
    expect(readdirSync(folder)).toEqual([]);

    const killed = spawn(process.execPath, flags);
    await new Promise((resolve) => killed.stdout.once("data", resolve));
    await expect(lockMachine(path)).rejects.toThrow(`process ${killed.pid}`);
    killed.kill("SIGKILL");
    await new Promise((resolve) => killed.once("close", resolve));
    expect(await taken()).toEqual(["llmbench.lock"]);
  });
});

// Only root can be two users.
describe.runIf(process.platform === "linux" && process.getuid?.() === 0)(
  "the machine's lock between users",
  () => {
    const nobody = 65_534;

    /** What another user's attempt says. */
    function asAnother(): string {
      return spawnSync(process.execPath, [...holding, path, "exit", String(nobody)], {
        encoding: "utf8",
      }).stdout.trim();
    }

    /** As the system's folder for temporary files: all may write, and remove what is theirs. */
    beforeEach(() => chmodSync(folder, 0o1777));

    it("can be read by all, whatever the umask of who holds it", async () => {
      const umask = process.umask(0o077);
      const held = await lockMachine(path).finally(() => process.umask(umask));
      expect(asAnother()).toMatch(new RegExp(`^another run .* process ${process.pid}, since`, "u"));
      held.release();
    });

    it("is nobody's to remove where it can't be read", () => {
      leave({ pid: process.pid, process_start: null });
      chmodSync(path, 0o600);
      expect(asAnother()).toBe(
        `${path} is root's lock and can't be read: that run may be under way; run with --no-lock`,
      );
    });

    it("is called stale, and whose it is, where it is and only its owner may remove it", () => {
      leave({ pid: goneProcess(), process_start: null });
      expect(asAnother()).toBe(
        `${path} is a stale lock: its run is gone, and only root may remove it; run with --no-lock`,
      );
      expect(readdirSync(folder)).toEqual(["llmbench.lock"]);
    });

    it("can't be made where a folder is not the user's, which is said", () => {
      chmodSync(folder, 0o755);
      expect(asAnother()).toMatch(/can't be made there: no permission to write there; set TMPDIR/u);
    });
  },
);
