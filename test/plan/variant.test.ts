import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { variantOf } from "../../src/plan/variant.ts";
import type { Weights } from "../../src/plan/weights/weights.ts";
import { toyWeights } from "../engines/toyWeights.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench weights "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const toy = await toyWeights();

/** A copy of the toy model, as a plan knows it. */
async function planned(name: string): Promise<Weights & { readonly opened: string }> {
  const path = join(folder, name);
  copyFileSync(toy, path);
  const { weights } = await variantOf(resolveModel(path), null, {
    choice: "auto",
    cacheDir: folder,
    enginePackage: "",
    ask: () => Promise.reject(new Error("a file has its types")),
  });
  return Object.assign(weights, { opened: path });
}

describe("a model's file after the plan was made", () => {
  it("is as it was", async () => {
    expect(await (await planned("same.gguf")).changed()).toBeNull();
  });

  it("is gone", async () => {
    const weights = await planned("gone.gguf");
    rmSync(weights.opened);
    expect(await weights.changed()).toBe(`${weights.opened} is gone`);
  });

  it("is shorter or longer than it was", async () => {
    const weights = await planned("shorter.gguf");
    const { size: bytes } = statSync(weights.opened);
    truncateSync(weights.opened, 1000);
    expect(await weights.changed()).toBe(
      `${weights.opened} had ${bytes} bytes when the run began, and now has 1000`,
    );
  });

  it("is another model of the same size", async () => {
    const weights = await planned("another.gguf");
    const bytes = readFileSync(weights.opened);
    bytes.write("E", bytes.indexOf("epsilon"));
    writeFileSync(weights.opened, bytes);
    expect(await weights.changed()).toBe(
      `${weights.opened} holds another model than when the run began`,
    );
  });
});
