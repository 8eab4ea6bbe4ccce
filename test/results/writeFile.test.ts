import {
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeResultFile } from "../../src/results/writeFile.ts";
import { freshFolder, noSmallDisk, withoutPermission, withSmallDisk } from "./folders.ts";

describe("a result file", () => {
  it("replaces the one before, and leaves nothing else", async () => {
    const folder = freshFolder();
    const path = join(folder, "results.csv");
    await writeResultFile(path, "first");
    await writeResultFile(path, ["se", "cond ±"]);
    expect(readFileSync(path, "utf8")).toBe("second ±");
    expect(readdirSync(folder)).toEqual(["results.csv"]);
  });

  it("is refused in words where its folder is a file", async () => {
    const file = join(freshFolder(), "file");
    writeFileSync(file, "");
    const refused = writeResultFile(join(file, "results.csv"), "text");
    await expect(refused).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining("a part of the path is a file") as string,
    });
  });

  it.skipIf(process.platform === "win32")("stands as it was where permission lacks", async () => {
    const folder = freshFolder();
    const path = join(folder, "results.csv");
    writeFileSync(path, "before");
    const refused = withoutPermission(folder, () => writeResultFile(path, "after"));
    await expect(refused).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining("no permission") as string,
    });
    expect(readFileSync(path, "utf8")).toBe("before");
  });

  it.skipIf(!existsSync("/dev/full"))("doesn't replace a device that it leads to", async () => {
    const path = join(freshFolder(), "results.csv");
    symlinkSync("/dev/full", path);
    await expect(writeResultFile(path, "text")).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining("no space is left") as string,
    });
    expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
  });

  const noDisk = noSmallDisk();
  it.skipIf(noDisk !== null)(
    `stands as it was where the disk fills${noDisk === null ? "" : ` (skipped: ${noDisk})`}`,
    () =>
      withSmallDisk(async (folder) => {
        const path = join(folder, "results.csv");
        await writeResultFile(path, "before");
        await expect(writeResultFile(path, "x".repeat(100_000))).rejects.toMatchObject({
          code: "output",
          message: expect.stringContaining("no space is left") as string,
        });
        expect(readFileSync(path, "utf8")).toBe("before");
        // atomically removes its temporary file without waiting for that.
        await expect.poll(() => readdirSync(folder)).toEqual(["results.csv"]);
      }),
  );
});
