import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { fileMemoryModel } from "../../src/fit/fileMemoryModel.ts";
import { parameterCountOf } from "../../src/gguf/headerFacts.ts";
import { parameterCount } from "../../src/gguf/tensorTable.ts";
import { readGgufModel, type GgufModel } from "../../src/gguf/splitFile.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { planImitationOf } from "../../src/models/imitationPlan.ts";
import { resolveModel, type FileModel } from "../../src/models/resolveModel.ts";
import { resolveForWeights } from "../../src/models/resolveRemoteModel.ts";
import { askThrough } from "../../src/engines/llamacpp/askTensorTypes.ts";
import { writeSyntheticFile } from "../../src/models/syntheticFile.ts";
import { syntheticMarkOf } from "../../src/models/syntheticRecipe.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { dense, gemma, moe, Originals } from "./originals.ts";
import { checkedLoad, fewTokens } from "./shortRun.ts";

const root = temporaryFolder();
const cacheDir = join(root, "cache");
const child = new LlamaChild("cpu");
afterAll(async () => child.close());
const originals = new Originals(root, askThrough(child));

const made: Readonly<Record<string, () => Promise<string>>> = {
  "of experts": () => originals.whole("moe", moe, "q4_k_m"),
  "of 4-bit floats": () => originals.whole("mxfp4", moe, "mxfp4_moe"),
  "split over two files": () => originals.split("split", dense, "q4_0"),
  "with a window": () => originals.whole("gemma", gemma, "q5_k_m"),
  "of an architecture that llmbench doesn't know": () => originals.foreign("qwen2", dense, "q8_0"),
};

function fileModel(path: string): FileModel {
  const model = resolveModel(path);
  if (model.kind !== "file") throw new Error(`${path} is no file`);
  return model;
}

const table = ({ tensors }: GgufModel) =>
  tensors.map(({ name, dims, type }) => [name, type, ...dims]);

/** Data of each tensor by its name. */
function dataOf({ files }: GgufModel): Map<string, Buffer> {
  return new Map(
    files.flatMap(({ path, dataOffset, tensors }) => {
      const bytes = readFileSync(path);
      return tensors.map(({ name, offset, bytes: length }) => {
        const start = dataOffset + offset;
        return [name, bytes.subarray(start, start + length)] as const;
      });
    }),
  );
}

/** llama.cpp loads it, and its logits are finite. */
async function runs(path: string): Promise<number> {
  const loaded = await child.request({ ...checkedLoad, path });
  await child.request({ ...fewTokens, nPrompt: 8 });
  return loaded.value.model_n_params;
}

/** What large tensors weigh at least. */
const largeBytes = 2 ** 20;

describe.each(Object.entries(made))("a model %s", (_, make) => {
  it("is recognised, fitted, and imitated by a file that llama.cpp runs", async () => {
    const model = fileModel(await make());
    expect(fileMemoryModel(model.gguf, model.shape)?.weightsBytes).toBeGreaterThan(largeBytes);
    expect(await runs(model.path)).toBe(parameterCountOf(model.gguf));
    const plan = planImitationOf(model, cacheDir);
    const { path } = await writeSyntheticFile(plan.path, plan);
    const twin = readGgufModel(path);
    expect(table(twin)).toEqual(table(model.gguf));
    expect(syntheticMarkOf(twin)).toMatchObject({ headerOf: basename(model.path) });
    expect(fileModel(path).shape).toEqual(model.shape);
    const theirs = dataOf(model.gguf);
    for (const [name, bytes] of dataOf(twin)) {
      const same = theirs.get(name)?.equals(bytes);
      expect([name, same]).toEqual([name, bytes.length < largeBytes]);
    }
    expect(await runs(path)).toBe(parameterCountOf(model.gguf));
  });
});

it("shapes that are known hold the parameters that the file has", async () => {
  const { shape, gguf } = fileModel(await originals.whole("moe", moe, "q4_k_m"));
  expect(shape && parameterCount(shape)).toBe(parameterCountOf(gguf));
});

/** A hub with one repository, that counts what it gives. */
class Hub {
  given = 0;
  requests = 0;
  private readonly server: Server;

  constructor(files: ReadonlyMap<string, Buffer>) {
    this.server = createServer(({ url = "", headers }, response) => {
      this.requests += 1;
      if (url.startsWith("/api/")) {
        const listed = [...files].map(([path, { length: size }]) => ({ type: "file", path, size }));
        response.end(JSON.stringify(listed));
        return;
      }
      const bytes = files.get(basename(url));
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
      if (bytes === undefined || from === undefined) {
        response.writeHead(404).end();
        return;
      }
      const range = bytes.subarray(Number(from), Number(to) + 1);
      this.given += range.length;
      response.writeHead(206, { "content-range": `bytes ${from}-${to}/${bytes.length}` });
      response.end(range);
    });
  }

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close").catch(() => {});
  }
}

describe("a model on a hub", () => {
  afterEach(() => delete process.env["HF_ENDPOINT"]);

  it("is imitated by its header and small tensors alone, and again without the network", async () => {
    const first = await originals.split("hub-Q4_0", dense, "q4_0");
    const paths = [first, first.replace("00001-of", "00002-of")];
    const hub = new Hub(new Map(paths.map((path) => [basename(path), readFileSync(path)])));
    process.env["HF_ENDPOINT"] = await hub.start();
    const spec = "hf:someone/theirs:Q4_0";
    const remote = await resolveForWeights(spec, "synthetic", cacheDir);
    if (remote.kind !== "file") throw new Error("no file");
    const plan = planImitationOf(remote, cacheDir);
    const { path } = await writeSyntheticFile(plan.path, plan);
    const original = readGgufModel(first);
    const twin = readGgufModel(path);
    expect(table(twin)).toEqual(table(original));
    expect(syntheticMarkOf(twin)?.headerOf).toBe(spec);
    const theirs = dataOf(original);
    const small = [...dataOf(twin)].filter(([, { length }]) => length < largeBytes);
    expect(small.every(([name, bytes]) => theirs.get(name)?.equals(bytes))).toBe(true);
    await runs(path);
    await hub.stop();
    const again = await resolveForWeights(spec, "synthetic", cacheDir);
    expect(again.kind === "file" && planImitationOf(again, cacheDir).digest).toBe(plan.digest);
  });

  it("whose header goes on behind the first request is asked for more", async () => {
    const path = await originals.whole("vocabulary-Q4_0", { ...moe, n_vocab: 150_000 }, "q4_0");
    const bytes = readFileSync(path);
    const hub = new Hub(new Map([[basename(path), bytes]]));
    process.env["HF_ENDPOINT"] = await hub.start();
    const spec = `hf:someone/theirs/${basename(path)}`;
    const remote = await resolveForWeights(spec, "synthetic", join(root, "other"));
    expect(remote.kind === "file" && table(remote.gguf)).toEqual(table(readGgufModel(path)));
    expect(hub.given).toBeLessThan(8 * 2 ** 20);
    expect(hub.given).toBeLessThan(bytes.length / 2);
    await hub.stop();
  });
});
