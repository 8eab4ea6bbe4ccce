import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flushAndDropCachedPages } from "../../src/models/cachedPages.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";

const path = join(temporaryFolder(), "pages");

test("a file's pages are dropped and its bytes stay", async () => {
  const bytes = Buffer.alloc(1 << 20, "weights");
  writeFileSync(path, bytes);
  expect(await flushAndDropCachedPages(path)).toBe(true);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});
