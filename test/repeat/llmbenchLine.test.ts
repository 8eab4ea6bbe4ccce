import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { engineBackendOf } from "../../src/bench/backends.ts";
import type { CaseRecord } from "../../src/bench/record.ts";
import { mostLaunches } from "../../src/bench/repetitions.ts";
import { generatedTokens, promptTokens, testName } from "../../src/bench/workload.ts";
import { sameShapeAs } from "../../src/compare/modelNames.ts";
import type { CaseRow } from "../../src/results/columns/columns.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { readResults } from "../../src/results/readResults.ts";
import { llmbenchLines } from "../../src/repeat/llmbenchLine.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { benchHere } from "../usecases/inProcess.ts";
import { measuredCase } from "./cases.ts";
import { catalogueModel, understood } from "./commandLine.ts";

const linesOf = (one: CaseRecord) => llmbenchLines(one, sameShapeAs(one.model.id));
const lineOf = (one: CaseRecord) => linesOf(one).at(-1) ?? "";

/** What the line asks for, under the contract's columns; those that the case doesn't tell are its own. */
function asked(one: CaseRecord): Partial<CaseRow> {
  const { settings, cases } = understood(lineOf(one));
  const [only, ...others] = cases;
  if (only === undefined || others.length > 0) throw new Error(`${cases.length} cases`);
  const { workload, placement, context } = only;
  const { repetitions } = settings;
  const launches = mostLaunches(settings.launches);
  const told = {
    n_prompt: promptTokens(workload),
    n_gen: generatedTokens(workload),
    n_depth: workload.depth,
    test: testName(workload),
    n_batch: context.nBatch,
    n_ubatch: context.nUbatch,
    n_threads: context.nThreads,
    n_gpu_layers: placement.gpuLayers as number,
    flash_attn: { auto: -1, on: 1, off: 0 }[context.flashAttn],
    type_k: context.typeK,
    type_v: context.typeV,
    split_mode: placement.splitMode,
    main_gpu: placement.mainGpu,
    tensor_split: placement.tensorSplit.map((share) => share.toFixed(2)).join("/") || "0.00",
    n_cpu_moe: placement.nCpuMoe,
    no_kv_offload: context.noKvOffload ? 1 : 0,
    load_mode: placement.loadMode,
    weights: settings.weights as CaseRow["weights"],
    backend: settings.device as CaseRow["backend"],
    launches,
    repetitions: repetitions === "auto" ? null : repetitions * launches,
    seed: settings.seed,
  } satisfies Partial<CaseRow>;
  const row = rowOf(one);
  return Object.fromEntries(
    Object.entries(told).filter(([column]) => row[column as keyof CaseRow] !== null),
  );
}

const folder = mkdtempSync(join(tmpdir(), "llmbench repeat "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Cases of a real run with settings that aren't the usual ones. */
async function measuredCases(): Promise<readonly CaseRecord[]> {
  await benchHere({
    models: ["toy-4m"],
    quantizations: ["q8_0"],
    nPrompt: [16],
    nGen: [4],
    pg: [{ nPrompt: 8, nGen: 4 }],
    nDepth: [0, 8],
    nBatch: [64],
    nUbatch: [32],
    nThreads: [1],
    flashAttn: ["on"],
    typeK: ["q8_0"],
    splitMode: ["none"],
    noKvOffload: [true],
    loadMode: ["none"],
    weights: "synthetic",
    repetitions: 3,
    launches: 3,
    warmup: "llama-bench",
    device: "cpu",
    useCtx: 1024,
    seed: 7,
    outputDir: folder,
  });
  return (await readResults(folder)).cases;
}

describe("llmbench's line", () => {
  it("gives a row of its own back: model, test, settings, weights, repetitions, launches, device and seed", async () => {
    const cases = await measuredCases();
    expect(cases).toHaveLength(6);
    for (const one of cases) {
      expect(rowOf(one)).toMatchObject(asked(one));
      expect(catalogueModel(understood(lineOf(one)))).toEqual({
        id: "toy-4m",
        quantizations: ["q8_0"],
      });
      expect(understood(lineOf(one)).settings.useCtx).toBe(1024);
      expect(lineOf(one)).toContain("-r 3 --launches 3 --device cpu --ctx 1024 --seed 7");
    }
  });

  it("gives each published row back, of a model that llmbench knows", () => {
    const cases = publishedResults().filter(
      ({ model, engine }) =>
        !/^llama-1-(30|65)b$/.test(model.id) &&
        (engine.backend === null || engineBackendOf(engine.backend) !== null),
    );
    for (const one of cases) {
      expect(rowOf(one)).toMatchObject(asked(one));
      const model = catalogueModel(understood(lineOf(one)));
      expect([one.model.id, ...sameShapeAs(one.model.id)]).toContain(model.id);
      expect(model.quantizations).toEqual([one.model.quantization]);
    }
  });

  it("is there for all published rows but those of models that llmbench has no shape of, and of backends that it has no build of", () => {
    const lines = publishedResults().map(lineOf);
    expect(new Set(lines.filter((line) => line.startsWith("#")))).toEqual(
      new Set([
        '# no llmbench line: --device "rocm": expected one of auto, metal, cuda, vulkan, cpu, got "rocm"',
        "# no llmbench line: llmbench knows no model llama-1-30b, and its file isn't known",
        "# no llmbench line: llmbench knows no model llama-1-65b, and its file isn't known",
      ]),
    );
  });

  it("has no setting that is llmbench's own", () => {
    const usual = {
      n_batch: 2048,
      n_ubatch: 512,
      main_gpu: 0,
      tensor_split: "0.00",
      load_mode: "auto",
    };
    const auto = { launches: 2, repetitions: 11, stopped_by: "precision", seed: 1 } as const;
    expect(lineOf(measuredCase({ ...usual, ...auto }))).toBe(
      "llmbench run --model llama-2-7b --quant q4_0 -p 0 -n 128 --ngl 33 --fa 1 --weights real --device cuda",
    );
  });

  it("has a placement on several GPUs, and what one case does with both prompt and generation", () => {
    const placed = { main_gpu: 1, tensor_split: "3.00/1.00", n_cpu_moe: 4, n_gpu_layers: -1 };
    const line = lineOf(
      measuredCase({ ...placed, n_prompt: 512, split_mode: "row", n_depth: 4096 }),
    );
    expect(line).toContain(
      "-p 0 -n 0 --pg 512,128 -d 4096 --ngl -1 --fa 1 --sm row --ts 3.00/1.00 --mg 1 --ncmoe 4",
    );
    expect(understood(line).cases[0]?.placement).toMatchObject({
      gpuLayers: "max",
      tensorSplit: [3, 1],
      mainGpu: 1,
    });
  });

  it("has devices, tensors that are placed by name, and what else isn't usual", () => {
    const other_settings = ["no_op_offload=1", "prio=-1"];
    const placed = { devices: "CUDA1", tensor_overrides: "ffn_.*=CPU", other_settings };
    const line = lineOf(measuredCase(placed));
    expect(line).toContain("--prio -1 --ngl 33 --fa 1 --dev CUDA1 --ot 'ffn_.*=CPU' --nopo 1");
    expect(understood(line).cases[0]).toMatchObject({
      placement: {
        devices: ["CUDA1"],
        tensorOverrides: [{ pattern: "ffn_.*", buffer: "CPU" }],
        priority: -1,
      },
      context: { noOpOffload: true },
    });
  });

  it("repeats a sustained case for its time, in one launch", () => {
    const line = lineOf(measuredCase({ sustain_s: 600.83, stopped_by: "sustain", seed: null }));
    expect(line).toMatch(/ --sustain 600 --device cuda$/);
    expect(understood(line).settings).toMatchObject({ sustainSeconds: 600, launches: 1 });
  });
});

describe("the model of llmbench's line", () => {
  it("is the catalogue's of the same shape, and says so, where the catalogue has no such model", () => {
    expect(linesOf(measuredCase({ model: "llama-3-8b", quantization: "q4_k_m" }))).toEqual([
      "# llama-3-8b is none of llmbench's models, llama-3.1-8b has its shape",
      expect.stringContaining("llmbench run --model llama-3.1-8b --quant q4_k_m ") as string,
    ]);
  });

  it("is the file that was measured, where only that is known", () => {
    const own = {
      model: "my-model",
      model_filename: "~/my models/it's.gguf",
      quantization: "q4_0",
    };
    const line = lineOf(measuredCase({ ...own, weights: "synthetic" }));
    expect(line).toContain(`llmbench run --model ~/'my models/it'\\''s.gguf' -p 0`);
    expect(line).not.toContain("--weights");
    expect(lineOf(measuredCase({ quantization: "tq1_0", model_filename: "a.gguf" }))).toContain(
      "--model a.gguf -p 0",
    );
  });

  it("is the one on a hub whose header the weights have", () => {
    const imitated = { weights: "synthetic", header_of: "hf:user/repo:Q4_K_M" } as const;
    const { settings } = understood(lineOf(measuredCase({ ...imitated, model: "llama-3.1-8b" })));
    expect(settings).toMatchObject({ models: ["hf:user/repo:Q4_K_M"], weights: "synthetic" });
    expect(settings.quantizationsAsked).toBe(false);
  });

  it.each([
    [{ quantization: null }, "the quantization of llama-2-7b isn't known"],
    [{ quantization: "tq1_0" }, "llmbench makes no tq1_0, and the file isn't known"],
    [
      { model: "my-model", model_filename: "a,b.gguf" },
      "llmbench knows no model my-model, and its file isn't known",
    ],
    [
      { load_mode: "hugepages" },
      '--load-mode "hugepages": expected one of auto, mmap, none, mlock, mmap+mlock, dio, got "hugepages"',
    ],
  ])("is missing where %j, and the reason stands there", (given, reason) => {
    expect(linesOf(measuredCase(given))).toEqual([`# no llmbench line: ${reason}`]);
  });
});
