import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { modelSha256 } from "../../src/models/fileDigest.ts";

let folder: string;
let read: number;
const { signal } = new AbortController();

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hash(...paths: string[]): Promise<string> {
  read = 0;
  const onProgress = (bytes: number) => (read = bytes);
  return modelSha256(paths, { cacheDir: join(folder, "cache"), signal, onProgress });
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "llmbench digest "));
});

describe("the SHA-256 of a model", () => {
  it("is that of its file", async () => {
    expect(await hash(file("a.gguf", "weights"))).toBe(sha256("weights"));
    expect(read).toBe("weights".length);
  });

  it("of a split one is that of its files' digests, a line each", async () => {
    const paths = [file("1.gguf", "one"), file("2.gguf", "two")];
    expect(await hash(...paths)).toBe(sha256(`${sha256("one")}\n${sha256("two")}\n`));
  });

  it("is read once for as long as size and time stay the same", async () => {
    const path = file("a.gguf", "weights");
    await hash(path);
    await hash(path);
    expect(read).toBe(0);
    appendFileSync(path, "!");
    expect(await hash(path)).toBe(sha256("weights!"));
    utimesSync(path, 1, 1);
    await hash(path);
    expect(read).toBe("weights!".length);
  });

  it("can be given up", async () => {
    const path = file("a.gguf", "weights");
    const aborted = AbortSignal.abort();
    const hashing = { cacheDir: folder, signal: aborted, onProgress: () => {} };
    await expect(modelSha256([path], hashing)).rejects.toThrow(/abort/i);
  });
});
