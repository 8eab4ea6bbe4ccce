import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withEngine } from "../../../src/engines/registry.ts";
import { requireTaken } from "../../../src/fit/requireTaken.ts";
import { requireLoadable } from "../../../src/gguf/loadable.ts";
import { writeWithHole } from "../../../src/gguf/sparseFile.ts";
import { modelMetadata } from "../../../src/gguf/modelMetadata.ts";
import { readGgufModel } from "../../../src/gguf/splitFile.ts";
import { tensorTable } from "../../../src/gguf/tensorTable.ts";
import {
  encodeHeader,
  placeTensors,
  type MetadataEntry,
  type TypedTensor,
} from "../../../src/gguf/writeHeader.ts";
import { llmbench } from "../../cli/llmbench.ts";
import { toy } from "../../gguf/shapes.ts";
import { temporaryFolder } from "../../gguf/temporaryFolder.ts";

const folder = temporaryFolder();

interface ToyFile {
  /** In place of the toy's values; null for none. */
  readonly changed?: Readonly<Record<string, MetadataEntry | null>>;
  readonly tensors?: (tensors: readonly TypedTensor[]) => readonly TypedTensor[];
}

const u32 = (key: string, value: number): MetadataEntry => ({ key, type: "u32", value });
const text = (key: string, value: string): MetadataEntry => ({ key, type: "string", value });

/** A header that llama.cpp loads, but for what is changed, and a hole for its data. */
function toyFile(name: string, { changed = {}, tensors = (all) => all }: ToyFile): string {
  const entries = [...modelMetadata(toy, "f16", "toy"), text("tokenizer.ggml.model", "none")];
  const kept = entries.filter(({ key }) => changed[key] === undefined);
  const added = Object.values(changed).filter((entry) => entry !== null);
  const all = tensorTable(toy).map(({ name: of, dims }): TypedTensor => ({
    name: of,
    dims,
    type: "f32",
  }));
  const placed = placeTensors(tensors(all));
  const header = encodeHeader([...kept, ...added], placed);
  const last = placed.at(-1);
  const path = join(folder, `${name}.gguf`);
  writeWithHole(path, header, header.length + (last ? last.offset + last.bytes : 0));
  return path;
}

/** As an architecture that nobody knows would write its keys. */
const ofTomorrow = Object.fromEntries(
  modelMetadata(toy, "f16", "toy").flatMap((entry): [string, MetadataEntry][] => {
    if (entry.key === "general.architecture") return [[entry.key, text(entry.key, "qwen9")]];
    if (!entry.key.startsWith("llama.")) return [];
    return [[entry.key, { ...entry, key: entry.key.replace("llama.", "qwen9.") }]];
  }),
);

const lackingTensor: ToyFile = {
  tensors: (all) => all.filter(({ name }) => name !== "blk.2.ffn_up.weight"),
};

/** Each with what its refusal says. */
const refused: readonly (readonly [string, ToyFile, RegExp])[] = [
  ["an architecture that llama.cpp doesn't know", { changed: ofTomorrow }, /v0\.4\.0.*"qwen9"/],
  ["a missing tensor", lackingTensor, /llama\.cpp v0\.4\.0 refuses it: .*blk\.2\.ffn_up\.weight/],
  [
    "a tensor too many",
    { tensors: (all) => [...all, { name: "blk.0.of_tomorrow.weight", dims: [32], type: "f32" }] },
    /wrong number of tensors/,
  ],
  [
    "layers that aren't as wide as the header says",
    { changed: { "llama.feed_forward_length": u32("llama.feed_forward_length", 1024) } },
    /blk\.0\.ffn_.*wrong shape/,
  ],
  [
    "more experts used than there are",
    { changed: { experts: u32("llama.expert_used_count", 2) } },
    /expert_used_count 2 of 0 experts/,
  ],
  [
    "a tokenizer that llama.cpp doesn't know",
    { changed: { "tokenizer.ggml.model": text("tokenizer.ggml.model", "of-tomorrow") } },
    /"of-tomorrow" is unknown/,
  ],
  [
    "an adapter",
    { changed: { "general.type": text("general.type", "adapter") } },
    /a LoRA adapter.*name the model's own file/,
  ],
  ["a vocabulary alone", { tensors: () => [] }, /a vocabulary and no weights/],
];

describe("a file that llama.cpp refuses", () => {
  it("is refused with the reason", async () => {
    await withEngine({ device: "cpu" }, async (engine) => {
      for (const [name, file, said] of refused) {
        const path = toyFile(name, file);
        const judged = async () => {
          requireLoadable(name, readGgufModel(path));
          await requireTaken(engine, name, path);
        };
        const error: unknown = await judged().catch((reason: unknown) => reason);
        const message: unknown = expect.stringMatching(said);
        expect([name, error]).toMatchObject([name, { code: "input", message }]);
      }
    });
  });

  it("is no file that fits, and measures nothing: both say so in a line", () => {
    const path = toyFile("without a tensor", lackingTensor);
    const output = join(folder, "out");
    const run = ["run", "-n", "4", "-r", "1", "--no-lock", "--device", "cpu"];
    for (const args of [
      ["fit", "--machine", "rtx-4090-24gb"],
      [...run, "--output-dir", output],
    ]) {
      const { status, stdout, stderr } = llmbench([...args, "-m", path]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr.trim().split("\n").at(-1)).toMatch(
        /^llmbench: .*without a tensor\.gguf: llama\.cpp v0\.4\.0 refuses it: .*ffn_up\.weight/,
      );
    }
  });

  it("is known by its header alone where the architecture is of tomorrow", () => {
    const path = toyFile("of tomorrow", { changed: ofTomorrow });
    const { status, stderr } = llmbench(["fit", "-m", path, "--formula", "--machine", "this"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/llama\.cpp v0\.4\.0, .*"qwen9"/);
  });
});

describe("a file that llama.cpp loads", () => {
  it("is judged, whether it is asked or not", () => {
    const path = toyFile("as it should be", {});
    for (const further of [[], ["--formula"]]) {
      const args = ["fit", "-m", path, "--machine", "rtx-4090-24gb", "--json", ...further];
      const { stdout } = llmbench(args);
      expect(JSON.parse(stdout)).toMatchObject([{ fit: "full" }]);
    }
  });
});
