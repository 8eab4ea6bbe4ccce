import { describe, expect, it } from "vitest";
import { modelBytes, sha256Of } from "../../../scripts/chaos/faultyServer.mjs";
import { openRangedFile } from "../../../src/models/hub/rangedFile.ts";
import { parseRemoteSpec } from "../../../src/models/hub/remoteSpec.ts";
import { resolveFiles } from "../../../src/models/hub/resolveFiles.ts";
import { client, serve } from "./servers.ts";

const bytes = modelBytes("resolve", 1000);

const repository = Object.fromEntries(
  [
    "model-Q4_0.gguf",
    "model-Q4_K_M.gguf",
    "model-UD-Q4_K_M.gguf",
    "mmproj-model-F16.gguf",
    "Q8_0/model-Q8_0-00001-of-00002.gguf",
    "Q8_0/model-Q8_0-00002-of-00002.gguf",
    "model-fp16.gguf",
    "Q6_K/model-Q6_K-00001-of-00002.gguf",
  ].map((path) => [`lab/model/${path}`, bytes]),
);

const names = async (spec: string, quantization: string | null = null) => {
  const server = await serve(repository);
  const { files } = await resolveFiles(spec, client(server.endpoint), { quantization });
  return files.map(({ name }) => name);
};

describe("a spec", () => {
  it.each([
    ["hf:lab/model:Q4_0", ["model-Q4_0.gguf"]],
    ["hf:lab/model:q4_0", ["model-Q4_0.gguf"]],
    ["hf:lab/model/model-Q4_0.gguf", ["model-Q4_0.gguf"]],
    // A maker's own mark before it makes it another quantization.
    ["hf:lab/model:UD-Q4_K_M", ["model-UD-Q4_K_M.gguf"]],
    ["hf:lab/model:Q4_K_M", ["model-Q4_K_M.gguf"]],
    ["hf:lab/model:q4km", ["model-Q4_K_M.gguf"]],
    ["hf:lab/model:f16", ["model-fp16.gguf"]],
    // llama.cpp's and Ollama's choice.
    ["hf:lab/model", ["model-Q4_K_M.gguf"]],
    ["hf:lab/model:Q8_0", ["model-Q8_0-00001-of-00002.gguf", "model-Q8_0-00002-of-00002.gguf"]],
    [
      "hf:lab/model/Q8_0/model-Q8_0-00002-of-00002.gguf",
      ["model-Q8_0-00001-of-00002.gguf", "model-Q8_0-00002-of-00002.gguf"],
    ],
  ])("%s means %j", async (spec, files) => {
    expect(await names(spec)).toEqual(files);
  });

  it("without a quantization takes the one that was asked for beside it", async () => {
    expect(await names("hf:lab/model", "q4_0")).toEqual(["model-Q4_0.gguf"]);
  });

  it.each([
    [
      "hf:lab/model:Q2_K",
      /it has no Q2_K; add one of these .*: Q4_0, Q4_K_M, Q6_K, Q8_0, UD-Q4_K_M, fp16$/,
    ],
    [
      "hf:lab/model/model-Q4.gguf",
      /there is no file model-Q4\.gguf \(did you mean model-Q4_0\.gguf/,
    ],
    ["hf:lab/model:Q6_K", /model-Q6_K-00002-of-00002\.gguf, a part of the model, is missing/],
    ["hf:lab/none:Q4_0", /there is no such repository, or HF_TOKEN may not read it/],
  ])("%s is refused in words", async (spec, words) => {
    await expect(names(spec)).rejects.toThrow(words);
  });

  it.each([
    "hf:",
    "hf:lab",
    "hf:lab/../../etc",
    "hf:lab/model/../x.gguf",
    "hf:lab/model/file.bin",
    "hf:lab/model/file.gguf:Q4_0",
    "https://example.com/model",
    "https://example.com/..%2F..%2Fmodel.gguf",
    "http://:0/x.gguf",
  ])("%s is none", (spec) => {
    expect(() => parseRemoteSpec(spec)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  it("of an address is shown without what may be secret", () => {
    const { spec } = parseRemoteSpec("https://me:word@example.com/a/model.gguf?key=hidden");
    expect(spec).toBe("https://example.com/a/model.gguf");
  });
});

describe("a file's facts", () => {
  const expected = { sizeBytes: bytes.length, sha256: sha256Of(bytes) };

  it("come from the hub's listing", async () => {
    const server = await serve(repository);
    const { files, folder } = await resolveFiles("hf:lab/model:Q4_0", client(server.endpoint));
    expect(folder).toEqual(["hf", "lab", "model"]);
    expect(files[0]).toEqual({
      name: "model-Q4_0.gguf",
      url: `${server.endpoint}/lab/model/resolve/main/model-Q4_0.gguf`,
      ...expected,
    });
  });

  it("come from the headers of an address, the hub's own before those of its store", async () => {
    const server = await serve(repository);
    const url = `${server.endpoint}/lab/model/resolve/main/model-Q4_0.gguf`;
    const { files } = await resolveFiles(url, client(server.endpoint));
    expect(files).toEqual([{ name: "model-Q4_0.gguf", url, ...expected }]);
  });

  it("lack a checksum where the server states none", async () => {
    const server = await serve(repository);
    const { files } = await resolveFiles(
      `${server.storeUrl}/lab/model/Q8_0/model-Q8_0-00001-of-00002.gguf`,
      client(server.endpoint),
    );
    expect(files.map(({ name, sha256 }) => [name, sha256])).toEqual([
      ["model-Q8_0-00001-of-00002.gguf", null],
      ["model-Q8_0-00002-of-00002.gguf", null],
    ]);
  });
});

describe("a piece of a remote file", () => {
  const path = "lab/model/model-Q4_0.gguf";

  it("is read without the rest", async () => {
    const server = await serve(repository);
    const http = client(server.endpoint);
    const [file] = (await resolveFiles("hf:lab/model:Q4_0", http)).files;
    const ranged = openRangedFile(file, http);
    expect(await ranged.read(10, 20)).toEqual(bytes.subarray(10, 30));
    expect(await ranged.read(990, 100)).toEqual(bytes.subarray(990));
    expect(await ranged.read(1000, 1)).toHaveLength(0);
    expect(server.sentBytes).toBe(30);
  });

  it("of a server without parts, or of another size, is an error", async () => {
    const server = await serve(repository);
    const http = client(server.endpoint);
    const [file] = (await resolveFiles("hf:lab/model:Q4_0", http)).files;
    server.ranges = false;
    await expect(openRangedFile(file, http).read(0, 10)).rejects.toThrow(
      /gives no parts of a file/,
    );
    server.ranges = true;
    server.put(path, modelBytes("resolve", 2000));
    await expect(openRangedFile(file, http).read(0, 10)).rejects.toThrow(/may have changed/);
  });
});
