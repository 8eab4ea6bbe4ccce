import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { changeOfFile, weightsSource, type SourceFile } from "../../src/plan/weightsSource.ts";
import { toyWeights } from "../engines/toyWeights.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench weights "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const weights = await toyWeights();

/** A copy of the toy model, as a plan knows it. */
async function planned(name: string): Promise<SourceFile> {
  const path = join(folder, name);
  copyFileSync(weights, path);
  const source = await weightsSource(resolveModel(path), null, {
    choice: "auto",
    cacheDir: folder,
    enginePackage: "",
    ask: () => Promise.reject(new Error("a file has its types")),
  });
  const [file] = source.kind === "real" ? source.files : [];
  if (file === undefined) throw new Error("no file");
  return file;
}

describe("a model's file after the plan was made", () => {
  it("is as it was", async () => {
    expect(changeOfFile(await planned("same.gguf"))).toBeNull();
  });

  it("is gone", async () => {
    const file = await planned("gone.gguf");
    rmSync(file.path);
    expect(changeOfFile(file)).toBe(`${file.path} is gone`);
  });

  it("is shorter or longer than it was", async () => {
    const file = await planned("shorter.gguf");
    truncateSync(file.path, 1000);
    expect(changeOfFile(file)).toBe(
      `${file.path} had ${file.bytes} bytes when the run began, and now has 1000`,
    );
  });

  it("is another model of the same size", async () => {
    const file = await planned("another.gguf");
    const bytes = readFileSync(file.path);
    bytes.write("E", bytes.indexOf("epsilon"));
    writeFileSync(file.path, bytes);
    expect(changeOfFile(file)).toBe(`${file.path} holds another model than when the run began`);
  });
});
