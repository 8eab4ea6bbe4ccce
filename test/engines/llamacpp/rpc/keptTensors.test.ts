import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packageFolder } from "../../../../src/base/packageFolder.ts";
import { llamaCpp } from "../../../../src/engines/llamacpp/row.ts";
import { quietWatch as watch } from "../../asked.ts";
import { toyWeights } from "../../toyWeights.ts";
import { canServe, lend, servingProcesses, type Lent } from "./lent.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench kept "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [nEmbd, nVocab] = [512, 24_576];
/** Of Q8_0: a scale of two bytes for 32 weights of one. llama.cpp keeps what is larger than 10 MiB. */
const outputBytes = (nEmbd * nVocab * 34) / 32;

/** Its output layer is large enough to be kept. */
function largeVocabulary(): string {
  const path = join(folder, "large.yaml");
  const toy = readFileSync(packageFolder("models/toy-24m.yaml"), "utf8");
  const text = toy
    .replace("id: toy-24m", "id: large-vocabulary")
    .replace(/n_layers: \d+/u, "n_layers: 1")
    .replace(/n_vocab: \d+/u, `n_vocab: ${nVocab}`)
    .replace(/quantizations: .*/u, "quantizations: [q8_0]");
  writeFileSync(path, text);
  return path;
}

const canLimit = spawnSync("prlimit", ["--version"]).status === 0;

describe.runIf(canServe)("tensors that are kept", async () => {
  const path = canServe ? await toyWeights("q8_0", largeVocabulary()) : "";
  const errorWith = async ({ host, port }: Lent) => {
    const own = { rpc: `${host}:${port}`, rpcLibrary: null };
    const engine = await llamaCpp.start({ device: "cpu", own });
    try {
      return await engine.outputError?.({ path, nThreads: 1 }, watch);
    } finally {
      await engine.close();
    }
  };

  it("come from disk the next time, and compute the same", async () => {
    const cacheDir = mkdtempSync(join(folder, "kept "));
    const lent = await lend({ cacheDir });
    expect(await errorWith(lent)).toBeLessThan(1e-3);
    const [kept = "", ...others] = readdirSync(cacheDir);
    expect(others).toEqual([]);
    expect(statSync(join(cacheDir, kept)).size).toBe(outputBytes);
    expect(await errorWith(lent)).toBeLessThan(1e-3);
    expect(readdirSync(cacheDir)).toEqual([kept]);
  });

  it.runIf(canLimit)("are whole or none, where the disk takes no more of one", async () => {
    const cacheDir = mkdtempSync(join(folder, "full "));
    const lent = await lend({ cacheDir });
    for (const pid of servingProcesses(lent.port))
      expect(spawnSync("prlimit", ["--pid", String(pid), "--fsize=1000000"]).status).toBe(0);
    expect(await errorWith(lent)).toBeLessThan(1e-3);
    expect(readdirSync(cacheDir)).toEqual([]);
    expect(lent.events).toEqual([expect.stringMatching(/^tensors can't be kept in .*full .* \(/u)]);
  });
});
