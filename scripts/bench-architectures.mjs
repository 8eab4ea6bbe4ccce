// @ts-check
// `npm run bench:architectures`: what is said beforehand of 110 tiny models, one or two of each of 104 architectures,
// against what llama.cpp allocates when it loads them on the CPU. Needs a built checkout.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdownTable } from "markdown-table";
import { attentionCacheBytes, stateBytes } from "../dist/fit/caches/cacheBytes.js";
import { fileMemoryModel } from "../dist/fit/fileMemoryModel.js";
import { hostTraits } from "../dist/fit/hostTraits.js";
import { usualFitSettings } from "../dist/fit/memorySettings.js";
import { predictMemory, withComputeBytes } from "../dist/fit/predictMemory.js";
import { shapeOf } from "../dist/gguf/shapeOfHeader.js";
import { readGgufModel } from "../dist/gguf/splitFile.js";
import { askMemoryOf } from "../dist/engines/llamacpp/askMemoryOf.js";
import { ChildFailure } from "../dist/engines/llamacpp/childFailure.js";
import { LlamaChild } from "../dist/engines/llamacpp/llamaChild.js";
import { readFlags, script } from "./bench/commandLine.mjs";
import { architectureFiles, writeArchitecture } from "./bench/architectures.mjs";

/** @typedef {import("../src/fit/memorySettings.ts").MemorySettings} MemorySettings */

const help = `
bench:architectures: KV cache, recurrent state and host memory of 110 tiny models, beforehand and as llama.cpp allocates

  npm run bench:architectures -- [--rows]

  --rows  print each model that is off

Exit code 1 where KV cache and state of one are off by more than 0.01 MiB a line, by the header alone or asked, or host
memory by more than 2% in more than 5 of 100.
`;

const printedBytes = 0.01 * 2 ** 20;
const promisedShare = 0.02;
const mostOff = 0.05;

/** @type {MemorySettings} */
const settings = { ...usualFitSettings, nCtx: 4096, gpuLayers: 0 };

/** A child that is started again where llama.cpp gave up. */
class Asker {
  child = new LlamaChild("cpu");

  async systemInfo() {
    return (await this.child.request({ type: "probe" })).value.system_info;
  }

  /**
   * @param {string} path
   * @param {boolean} allocate
   */
  async memory(path, allocate) {
    try {
      return await askMemoryOf(this.child, { path, ...settings }, { allocate });
    } catch (error) {
      if (!(error instanceof ChildFailure)) throw error;
      await this.child.close();
      this.child = new LlamaChild("cpu");
      return null;
    }
  }
}

/**
 * @param {Asker} asker
 * @param {import("../src/fit/hostTraits.ts").HostTraits} host
 * @param {string} path
 * @param {string} file
 */
async function compare(asker, host, path, file) {
  const gguf = readGgufModel(path);
  const model = fileMemoryModel(gguf, shapeOf(gguf) ?? null);
  const asked = await asker.memory(path, false);
  const allocated = await asker.memory(path, true);
  if (model === null || asked === null || allocated === null) return { file, refused: true };
  const { attention, state } = model.caches;
  const kvBytes = attention.reduce((sum, cache) => sum + attentionCacheBytes(cache, settings), 0);
  const by = predictMemory(model, settings, [], host);
  const told = withComputeBytes(by, (place) => asked.byPlace.get(place)?.computeBytes ?? 0);
  const real = allocated.byPlace.get("host");
  const realBytes =
    (real?.weightsBytes ?? 0) +
    (real?.kvBytes ?? 0) +
    (real?.stateBytes ?? 0) +
    (real?.computeBytes ?? 0) +
    (real?.outputBytes ?? 0);
  const lines = Math.max(1, attention.length + state.length);
  const isSame = (/** @type {number} */ a, /** @type {number} */ b) =>
    Math.abs(a - b) <= lines * printedBytes;
  const share = (/** @type {number} */ bytes) => Math.abs(bytes - realBytes) / realBytes;
  return {
    file,
    refused: false,
    byHeader: isSame(kvBytes, allocated.kvBytes) && isSame(stateBytes(state), allocated.stateBytes),
    byAsking:
      isSame(asked.kvBytes, allocated.kvBytes) && isSame(asked.stateBytes, allocated.stateBytes),
    estimated: share(by.hostBytes),
    told: share(told.hostBytes),
  };
}

await script("bench:architectures", async () => {
  const { rows } = readFlags({ rows: { type: "boolean", default: false } }, help);
  const folder = mkdtempSync(join(tmpdir(), "llmbench-architectures-"));
  const asker = new Asker();
  try {
    const host = hostTraits(await asker.systemInfo());
    /** @type {Awaited<ReturnType<typeof compare>>[]} */
    const found = [];
    for (const file of architectureFiles) {
      const path = writeArchitecture(folder, file);
      found.push(await compare(asker, host, path, file));
      rmSync(path);
    }
    const count = (/** @type {(one: (typeof found)[number]) => boolean | undefined} */ is) =>
      found.filter((one) => is(one) === true).length;
    const within = (/** @type {number | undefined} */ share) =>
      share !== undefined && share <= promisedShare;
    const loaded = count(({ refused }) => !refused);
    console.log(
      markdownTable([
        ["of the models that llama.cpp loads", `${loaded} of ${found.length}`],
        ["KV cache and state equal, by the header alone", String(count((one) => one.byHeader))],
        ["KV cache and state equal, by asking", String(count((one) => one.byAsking))],
        ["host memory within 2%, by asking", String(count((one) => within(one.told)))],
        ["host memory within 2%, by an estimate", String(count((one) => within(one.estimated)))],
      ]),
    );
    if (rows) {
      for (const one of found) {
        if (one.byHeader && one.byAsking && within(one.told)) continue;
        console.error(JSON.stringify(one));
      }
    }
    const exact = count((one) => one.byHeader && one.byAsking) === loaded;
    return exact && count((one) => within(one.told)) >= loaded * (1 - mostOff) ? 0 : 1;
  } finally {
    await asker.child.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
