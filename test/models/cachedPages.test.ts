import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dropCachedPages, flushAndDropCachedPages } from "../../src/models/cachedPages.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";

const path = join(temporaryFolder(), "pages");

test("a file's pages are dropped and its bytes stay", async () => {
  const bytes = Buffer.alloc(1 << 20, "weights");
  writeFileSync(path, bytes);
  expect(await flushAndDropCachedPages(path)).toBe(true);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test("a file that may only be read loses its pages too, and one that is gone is told as not dropped", async () => {
  writeFileSync(path, Buffer.alloc(1 << 20, "weights"));
  chmodSync(path, 0o444);
  expect(await dropCachedPages([path])).toBe(true);
  expect(await dropCachedPages([path, `${path} gone`])).toBe(false);
  expect(readFileSync(path)).toHaveLength(1 << 20);
});
