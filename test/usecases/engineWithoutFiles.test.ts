/** A run on an engine that holds its models elsewhere: the main line, its journal and what is made from it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { namedModel } from "../../src/plan/plannedModel.ts";
import { reportPieces, writeReports } from "../../src/reporters/writeReports.ts";
import { journalBytes } from "../../src/results/journalTail.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import { readResults } from "../../src/results/readResults.ts";
import { resultFiles } from "../../src/results/resultFiles.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import type { NewOrder, ResumeOrder } from "../../src/run/order.ts";
import { runOptions } from "../../src/run/runOptions.ts";
import { runSettings } from "../../src/suite/runSettings.ts";
import { planText } from "../../src/ui/planText.ts";
import { benchOn } from "../../src/usecases/bench.ts";
import { compareFiles } from "../../src/usecases/compareFiles.ts";
import { subject } from "../engines/overHttp/subject.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-named-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { name, row, own, model } = subject;
const engine = await row.start({ device: "auto", own });

const silent = {
  agree: async () => true,
  onEvent: () => {},
  signal: new AbortController().signal,
};

function orderIn(directory: string, machineName: string): NewOrder {
  const given = { models: [model], nPrompt: [16], nGen: [4], repetitions: 3, launches: 2 };
  const { settings, suite } = runSettings({ ...given, machineName });
  return {
    kind: "new",
    options: { ...runOptions(settings, suite.name), engine: name, own },
    settings,
    models: [namedModel(model)],
    beside: [],
    directory,
    output: "table",
  };
}

async function measured(machineName: string) {
  const directory = join(folder, machineName);
  const outcome = await benchOn([engine], orderIn(directory, machineName), silent);
  if (outcome === null) throw new Error("nothing was measured");
  return { ...outcome, directory };
}

const here = await measured("here");

describe("a run on an engine without files", () => {
  it("measures every case, and its rows name what the engine knows and nothing else", () => {
    expect(here.results).toHaveLength(2);
    for (const record of here.results) {
      expect(rowOf(record)).toMatchObject({
        status: "measured",
        engine: name,
        engine_version: "v7",
        backend: null,
        model: "acme-hasher-1.5b",
        quantization: "q8_0",
        weights: "real",
        n_layers: 12,
        launches: 2,
        repetitions: 6,
        llama_bench: null,
      });
    }
  });

  it("leaves empty what it doesn't take and what nobody told: no setting, no memory, never 0", () => {
    const unknown = [
      ..."n_gpu_layers split_mode main_gpu tensor_split n_cpu_moe no_kv_offload load_mode".split(
        " ",
      ),
      ..."n_threads n_batch n_ubatch n_ctx type_k type_v flash_attn fit fit_at_ctx".split(" "),
      ..."max_ctx weights_bytes kv_bytes compute_bytes device_bytes_measured load_ms".split(" "),
      ..."host_bytes_measured model_filename model_sha256 model_size n_devices".split(" "),
    ] as (keyof ReturnType<typeof rowOf>)[];
    for (const record of here.results) {
      const told = rowOf(record);
      expect(unknown.filter((column) => told[column] !== null)).toEqual([]);
    }
  });

  it("is read back from its journal and its CSV as it was measured", async () => {
    await writeReports(here.directory);
    const journal = await readJournal(join(here.directory, resultFiles.journal));
    expect(journal.cases).toEqual(here.results);
    const csv = await readResults(join(here.directory, resultFiles.csv), "samples");
    expect(csv.cases.map(({ id }) => id)).toEqual(here.results.map(({ id }) => id));
    const pieces: string[] = [];
    for (const piece of await reportPieces("md", [here.directory])) pieces.push(piece);
    expect(pieces.join("")).toContain("acme-hasher-1.5b");
    const page = readFileSync(join(here.directory, resultFiles.html), "utf8");
    expect(page).not.toMatch(/\bNaN\b|\bundefined\b/u);
  });

  it("is gone on with by the same plan, and measures nothing again", async () => {
    const path = join(here.directory, resultFiles.journal);
    const before = readFileSync(path, "utf8");
    const journal = await readJournal(path);
    const order: ResumeOrder = {
      kind: "resume",
      options: orderIn(here.directory, "here").options,
      journal,
      path,
      directory: here.directory,
      end: { bytes: await journalBytes(path), torn: false },
      retryFailed: false,
      output: "table",
    };
    const again = await benchOn([engine], order, silent);
    expect(again?.run.cases.map(({ id }) => id)).toEqual(here.results.map(({ id }) => id));
    expect(again?.results).toEqual(here.results);
    const added = readFileSync(path, "utf8").slice(before.length).trim().split("\n");
    expect(added.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(["resume"]);
  });

  it("is planned without a word on layers or fit that nobody can say", () => {
    const text = planText(here.run);
    expect(text).toContain("acme-hasher-1.5b");
    expect(text).not.toMatch(/NaN|undefined|null/u);
  });

  it("is compared with another like any other: a pair for each test", async () => {
    const there = await measured("there");
    const { comparison } = await compareFiles([here.directory, there.directory], {
      baseline: null,
      practical: 0.03,
      usable: 7,
      allow: new Set(),
    });
    expect(comparison.pairs.map(({ test }) => test)).toEqual(["pp16", "tg4"]);
  });
});
