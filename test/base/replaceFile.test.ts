import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { replaceFile } from "../../src/base/replaceFile.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-replace-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const module = new URL("../../dist/base/replaceFile.js", import.meta.url).href;

/** A process that hears SIGINT as llmbench does, and does something while the file is half written. */
function writing(path: string, meanwhile: string): void {
  const script = `
    process.on("SIGINT", () => {});
    const { replaceFile } = await import(${JSON.stringify(module)});
    const { Readable } = await import("node:stream");
    const rest = () => new Promise((resolve) => setTimeout(resolve, 50));
    async function* pieces() {
      yield "first ";
      await rest();
      ${meanwhile};
      await rest();
      yield "second";
    }
    await replaceFile(${JSON.stringify(path)}, Readable.from(pieces()));`;
  execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
}

describe("a file that is being replaced", () => {
  // Windows has no signal that a process could send itself and hear.
  it.skipIf(process.platform === "win32")(
    "is finished though a signal comes that its process outlives",
    () => {
      const path = join(folder, "heard");
      writing(path, 'process.kill(process.pid, "SIGINT")');
      expect(readFileSync(path, "utf8")).toBe("first second");
      expect(readdirSync(folder).filter((name) => name.startsWith("heard"))).toEqual(["heard"]);
    },
  );

  it("stays as it was where its process ends meanwhile, with nothing beside it", () => {
    const path = join(folder, "ended");
    writeFileSync(path, "old");
    writing(path, "process.exit(0)");
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder).filter((name) => name.startsWith("ended"))).toEqual(["ended"]);
  });

  it("leaves nothing beside it where its place can't be taken", async () => {
    const path = join(folder, "taken");
    mkdirSync(path);
    await expect(replaceFile(path, "new", 100)).rejects.toThrow(
      /EISDIR|EEXIST|ENOTEMPTY|EPERM|EACCES/u,
    );
    expect(readdirSync(folder).filter((name) => name.startsWith("taken"))).toEqual(["taken"]);
  });
});
