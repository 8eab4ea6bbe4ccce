import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../../src/models/catalogue.ts";
import { packageFolder } from "../../src/base/packageFolder.ts";
import { expandSettings } from "../../src/suite/expand.ts";
import { loadSuite, suiteNames } from "../../src/suite/loadSuite.ts";
import { mergeSettings } from "../../src/suite/settings.ts";
import { suiteJsonSchema } from "../../src/suite/suiteSchema.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "llmbench suite "));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function suite(text: string) {
  const path = join(folder, "x.yaml");
  writeFileSync(path, text);
  return loadSuite(path).given;
}

describe("the suites that come along", () => {
  it.each(suiteNames())(
    "%s leaves something to measure, and names the models that it needs",
    (name) => {
      const { given, description } = loadSuite(name);
      expect(description).toMatch(/\w/);
      expect(expandSettings(mergeSettings(given, {}), 1).length).toBeGreaterThan(0);
    },
  );

  it("are quick, standard, headline, depth, this year's large models, two of the machine, and training", () => {
    expect(suiteNames()).toEqual([
      "big-2026",
      "depth",
      "generalist",
      "headline",
      "quick",
      "roofline",
      "standard",
      "training",
    ]);
  });

  it("point editors at the schema, which is what the flags say today", () => {
    for (const name of suiteNames()) {
      const text = readFileSync(join(packageFolder("configs"), `${name}.yaml`), "utf8");
      expect(text).toMatch(/^# yaml-language-server: \$schema=suite\.schema\.json\n/);
    }
    const schema = readFileSync(join(packageFolder("configs"), "suite.schema.json"), "utf8");
    // After a change of the flags: npm run schema
    expect(JSON.parse(schema)).toEqual(JSON.parse(JSON.stringify(suiteJsonSchema())));
  });

  it("ask the headline question of 7B, 13B and 70B, and of a model of this year", () => {
    const { given } = loadSuite("headline");
    expect(given.models).toEqual(["7b", "13b", "70b", "qwen3.6-27b"]);
    expect(given.quantizations).toEqual(["q4_0", "q4_k_m", "q8_0", "f16"]);
  });
});

describe("this year's suite", () => {
  it("has models of each kind of layer that this year brought", () => {
    const shapes = (loadSuite("big-2026").given.models ?? []).map(
      (id) => catalogue().find(id)?.shape,
    );
    expect(shapes).not.toContain(undefined);
    for (const part of ["recurrent", "sliding_window", "latent", "experts"] as const) {
      expect(shapes.some((shape) => shape?.[part] !== undefined)).toBe(true);
    }
  });
});

describe("a suite", () => {
  it("says what flags say, in YAML's own types or as on the command line", () => {
    expect(
      suite(`
model: [7b, 13b]
quant: q4_0,q8_0
n-prompt: [128, "256-1024*2"]
pg: [[512, 128], "64,16"]
gpu-layers: [-1, 8, auto]
flash-attn: [on, 0]
no-kv-offload: [false, 1]
tensor-split: 3/1
gpu-budget: 24GiB
timeout: 90
force: true
`),
    ).toMatchObject({
      models: ["7b", "13b"],
      quantizations: ["q4_0", "q8_0"],
      nPrompt: [128, 256, 512, 1024],
      pg: [
        { nPrompt: 512, nGen: 128 },
        { nPrompt: 64, nGen: 16 },
      ],
      gpuLayers: ["max", 8, "auto"],
      flashAttn: ["on", "off"],
      noKvOffload: [false, true],
      tensorSplit: [[3, 1]],
      gpuBudgetBytes: 24 * 2 ** 30,
      timeoutSeconds: 90,
      force: true,
    });
  });

  it("takes the settings that llama-bench has flags for", () => {
    expect(
      suite(`
model: 7b
devices: [CUDA0/CUDA1, none]
override-tensor: ["ffn_.*_exps=CPU;output=CUDA0", none]
load-mode: [dio, mmap+mlock]
lazy-mode: on
no-op-offload: [0, 1]
no-host: true
embeddings: off
cpu-mask: "0xff"
cpu-strict: 1
poll: 0-100+50
prio: [-1, 2]
numa: distribute
warmup: none
`),
    ).toMatchObject({
      devices: [["CUDA0", "CUDA1"], []],
      tensorOverrides: [
        [
          { pattern: "ffn_.*_exps", buffer: "CPU" },
          { pattern: "output", buffer: "CUDA0" },
        ],
        [],
      ],
      loadMode: ["dio", "mmap+mlock"],
      lazyMode: ["on"],
      noOpOffload: [false, true],
      noHost: [true],
      embeddings: [false],
      cpuMask: ["0xff"],
      cpuStrict: [true],
      poll: [0, 50, 100],
      priority: [-1, 2],
      numa: ["distribute"],
      warmup: "none",
    });
  });

  it("may name devices under either name, as the command line does", () => {
    expect(suite("m: 7b\ndevice: CUDA1\n")).toMatchObject({ devices: [["CUDA1"]] });
    expect(suite("m: 7b\ndev: cuda\n")).toMatchObject({ device: "cuda" });
  });

  it("may use any name of a flag", () => {
    expect(suite("m: 7b\nquants: [q4_0]\nn_gen: 8\nngl: 4\n")).toMatchObject({
      models: ["7b"],
      quantizations: ["q4_0"],
      nGen: [8],
      gpuLayers: [4],
    });
  });

  it("finds a model that lies beside it", () => {
    writeFileSync(join(folder, "own.yaml"), "");
    expect(suite("model: [own.yaml, other.yaml, 7b]").models).toEqual([
      join(folder, "own.yaml"),
      "other.yaml",
      "7b",
    ]);
  });

  it.each([
    [
      "quants: [q4_0, q8_0, q4_z]",
      /x\.yaml: quants\[2\]: expected one of .*, got "q4_z" \(did you mean q4_\w+\?\)$/,
    ],
    ["quant: q4_z", /x\.yaml: quant: expected one of .*, got "q4_z"/],
    [
      "n-prompt: [512, -1]",
      /n-prompt\[1\]: expected a whole number from 0, or a range .*, got -1$/,
    ],
    ["n-prompt: {a: 1}", /n-prompt: expected a whole number .*, got \{"a":1\}$/],
    ["n-prompt: []", /n-prompt: expected a whole number .*, got an empty list$/],
    ["n-prompt:", /n-prompt: expected a whole number .*, got nothing$/],
    ["repetitions: [1, 2]", /repetitions: expected auto, or a whole number from 1, got \[1,2\]$/],
    ["pg: [512, 128]", /pg\[0\]: expected a prompt length .*, got 512$/],
    ["force: 1", /force: expected true or false, got 1$/],
    ["description: [1]", /description: expected text, got \[1\]$/],
    ["modle: 7b", /x\.yaml: unknown key "modle" \(did you mean model\?\)$/],
    ["resume: somewhere", /resume: belongs on the command line, as --resume$/],
    ["quant: q4_0\nquants: q8_0", /quants: means the same as quant, keep one of them$/],
    ["", /x\.yaml: the file is empty$/],
    ["# only a comment", /the file is empty$/],
    ["- model", /x\.yaml: expected keys with values, got \["model"\]$/],
    ["7b", /x\.yaml: expected keys with values, got "7b"$/],
    ["model: 7b\nquant: [q4_0", /x\.yaml: not valid YAML, line 2: /],
    ["model: 7b\nmodel: 13b", /x\.yaml: not valid YAML, line 2: .*unique/],
    ["model: *nowhere", /x\.yaml: not valid YAML/],
    [
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}]\nc: [${"*b,".repeat(9)}]`,
      /x\.yaml: not valid YAML: .*alias/,
    ],
    [`model: ${"7b".repeat(200_000)}`, /such a file has 131072 bytes at most/],
  ])("%j is refused with file, key and reason", (text, message) => {
    expect(() => suite(text)).toThrow(message);
    expect(() => suite(text)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it("that isn't there is named, or suggested", () => {
    expect(() => loadSuite("quik")).toThrow(
      'unknown suite "quik" (did you mean quick?): expected one of big-2026, depth, generalist, headline, quick, roofline, standard, training, or the path of a YAML file',
    );
    expect(() => loadSuite(join(folder, "none.yaml"))).toThrow(/none\.yaml: no such file$/);
    mkdirSync(join(folder, "folder.yaml"));
    expect(() => loadSuite(join(folder, "folder.yaml"))).toThrow(
      /folder\.yaml: a folder, not a file$/,
    );
  });
});
