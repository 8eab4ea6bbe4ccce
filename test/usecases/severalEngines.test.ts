/** A run of several engines: one plan, one journal, one table. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { testName } from "../../src/bench/workload.ts";
import { reportPieces, writeReports } from "../../src/reporters/writeReports.ts";
import { readCsv } from "../../src/results/readCsv.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { planText } from "../../src/ui/planText.ts";
import { hasFramework, python } from "../engines/python/pythons.ts";
import { benchHere, planHere } from "./inProcess.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const folder = mkdtempSync(join(tmpdir(), "llmbench several "));
process.env["LLMBENCH_CACHE"] = join(folder, "cache");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const suite = join(folder, "both.yaml");
writeFileSync(
  suite,
  `
matmul: [256:f16]
model: toy-4m
quant: q4_0
n-prompt: 16
n-gen: 0
repetitions: 1
launches: 1
warmup: none
threads: 1
engines:
  torch:
    matmul: [256:f32]
    model: toy-4m
    train: 16x2
    precisions: [f32]
`,
);

const journalOf = (directory: string) => join(directory, "results.jsonl");
const linesOf = (directory: string) =>
  readFileSync(journalOf(directory), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("a run whose further engine isn't here", () => {
  const given = { suite, device: "cpu" as const };
  const outputDir = join(folder, "without");

  beforeEach(() => {
    vi.stubEnv("PATH", "/nowhere");
    vi.stubEnv("VIRTUAL_ENV", "");
    vi.stubEnv("CONDA_PREFIX", "");
  });
  afterEach(() => vi.unstubAllEnvs());

  it("measures the rest, and its cases are rows that say what to type", async () => {
    const { results } = await benchHere({ ...given, outputDir });
    expect(
      results.map(({ engine, workload, status }) => [engine.name, testName(workload), status]),
    ).toEqual([
      ["llama.cpp", "matmul256 f16", "measured"],
      ["torch", "matmul256 f32", "skipped"],
      ["llama.cpp", "pp16", "measured"],
      ["torch", "train16 b2 f32", "skipped"],
    ]);
    const skipped = results.map(rowOf).filter(({ status }) => status === "skipped");
    for (const row of skipped)
      expect(row.reason).toMatch(
        /^engine_missing: torch needs Python, .*type: pip install uv, .*--python$/u,
      );
    expect(skipped[0]).toMatchObject({ engine_version: null, backend: null, fit: null });
  });

  it("keeps in the journal which engine was to measure what, and why it is missing", async () => {
    const [run] = linesOf(outputDir);
    expect(run).toMatchObject({
      engine: { engine: "llama.cpp" },
      beside: [
        { engine: "torch", missing: expect.stringMatching(/^torch needs Python/u) as string },
      ],
      options: { engine: "llama.cpp", beside: [{ engine: "torch", device: "cpu" }] },
    });
    const plan = (run?.["plan"] ?? []) as { readonly engine?: string }[];
    expect(plan.map(({ engine }) => engine)).toEqual([undefined, "torch", undefined, "torch"]);
  });

  it("is reported as one table of both", async () => {
    await writeReports(outputDir);
    const markdown = readFileSync(join(outputDir, "report.md"), "utf8");
    expect(markdown).toMatch(/Beside it: torch, which is not here: torch needs Python/u);
    expect(markdown).toMatch(/engine missing/u);
    expect(readFileSync(join(outputDir, "report.html"), "utf8")).not.toMatch(
      /\bNaN\b|\bundefined\b/u,
    );
  });

  it("is planned with each case's engine, and says what is skipped", async () => {
    const text = planText(await planHere(given));
    expect(text).toMatch(/torch +toy-4m/u);
    expect(text).toMatch(/skipped, no torch$/mu);
    expect(text).toMatch(/^no torch: torch needs Python/mu);
    const json = JSON.parse(planText(await planHere({ ...given, output: "json" }))) as object[];
    expect(json).toMatchObject([
      { engine: "llama.cpp", tried: true },
      { engine: "llama.cpp", tried: true },
      { engine: "torch", tried: false },
      { engine: "torch", tried: false },
    ]);
  });

  it("could not run where a flag asks for that engine, or for what it alone does", async () => {
    const asking = [{ engine: "torch" as const }, { train: [{ sequence: 8, batch: 1 }] }];
    for (const more of asking)
      await expect(planHere({ ...given, ...more })).rejects.toMatchObject({
        code: "engine",
        exitCode: 2,
      });
  });

  it("goes on as it began where it was stopped, whatever was installed meanwhile", async () => {
    const directory = join(folder, "stopped");
    const stop = new AbortController();
    const stopped = await benchHere(
      { ...given, outputDir: directory },
      { signal: stop.signal, onEvent: ({ type }) => type === "result" && stop.abort() },
    );
    expect(stopped).toMatchObject({ interrupted: true });
    vi.unstubAllEnvs();
    const { results } = await benchHere({ resume: directory });
    expect(results).toHaveLength(4);
    expect(results.at(-1)?.status).toBe("skipped");
    expect((await planHere({ resume: directory, retryFailed: true })).due).toEqual([]);
  });
});

describe.runIf(hasFramework("torch"))("a run of two engines", () => {
  const outputDir = join(folder, "with");
  const given = { suite, device: "cpu" as const, ...(python === null ? {} : { python }) };

  it("measures one after the other into one journal, each case by its own", async () => {
    const told: string[] = [];
    const { results } = await benchHere(
      { ...given, outputDir },
      { onEvent: (event) => event.type === "case" && told.push(`${event.engine} ${event.number}`) },
    );
    expect(told).toEqual(["llama.cpp 1", "llama.cpp 2", "torch 3", "torch 4"]);
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill("measured"));
    expect(results.map(({ engine }) => engine.name)).toEqual([
      "llama.cpp",
      "torch",
      "llama.cpp",
      "torch",
    ]);
    const trained = results.at(-1);
    expect(trained?.shareOfRoof).toBeGreaterThan(0);
    expect(trained === undefined ? null : rowOf(trained).train_tflops).toBeGreaterThan(0);
    expect(new Set(results.map(({ machine }) => machine.name)).size).toBe(1);
  });

  it("has read back from its journal and its CSV what it measured", async () => {
    await writeReports(outputDir);
    const { cases, run } = await readJournal(journalOf(outputDir));
    expect(run.beside?.map(({ engine }) => engine)).toEqual(["torch"]);
    const csv = readFileSync(join(outputDir, "results.csv"), "utf8");
    expect(readCsv(csv, "results.csv").map(({ id, engine }) => [id, engine.name])).toEqual(
      cases.map(({ id, engine }) => [id, engine.name]),
    );
    const table = [...(await reportPieces("table", [outputDir]))].join("");
    expect(table).toMatch(/engine/u);
    expect(table).toMatch(/TFLOP\/s/u);
  });

  it("is gone on with by the same plan", async () => {
    const { due, cases } = await planHere({ resume: outputDir });
    expect(due).toEqual([]);
    expect(cases.map(({ id }) => id)).toEqual(
      (await readJournal(journalOf(outputDir))).cases.map(({ id }) => id),
    );
  });

  it("can't go on where an engine is gone that was there", async () => {
    vi.stubEnv("PATH", "/nowhere");
    vi.stubEnv("VIRTUAL_ENV", "");
    const text = readFileSync(journalOf(outputDir), "utf8");
    const moved = join(folder, "moved");
    mkdirSync(moved);
    writeFileSync(journalOf(moved), text.replaceAll(JSON.stringify(python), '"/no/python"'));
    await expect(planHere({ resume: moved })).rejects.toMatchObject({ exitCode: 2 });
    vi.unstubAllEnvs();
  });
});
