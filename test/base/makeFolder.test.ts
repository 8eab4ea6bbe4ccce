import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeFolder } from "../../src/base/makeFolder.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench folder "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a folder is made with those above it, and may be there already", async () => {
  const path = join(folder, "a", "b", "c");
  await makeFolder(path);
  await makeFolder(path);
  await makeFolder(folder);
  expect(statSync(path).isDirectory()).toBe(true);
});

it("a file in its place, or above it, is said", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  await expect(makeFolder(file)).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolder(join(file, "below"))).rejects.toThrow(/mkdir/u);
});
