import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KeptAnswers } from "../../src/base/keptAnswers.ts";
import { machineAndEngine } from "../../src/machine/machineAndEngine.ts";
import {
  addRowsHere,
  forgetRowsHere,
  keepRowsHere,
  readRowsHere,
} from "../../src/predict/rowsHere.ts";
import { isSpoiled } from "../../src/predict/spoiledRows.ts";
import { speedOf } from "../../src/predict/timedWork.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { measured, runLine } from "../results/journals.ts";
import { caseOf, tested } from "../results/rows.ts";

const { machine, engine } = runLine;
const { default_threads: threads } = machine;

/** As in the cache of version 0.1. */
const keptByFirstVersion = {
  case_id: "old",
  status: "measured",
  machine: "m3-max-40c-64gb",
  n_devices: 1,
  backend: "metal",
  engine_version: "v0.4.0",
  build_commit: "abc1234",
  model: "llama-2-7b",
  model_n_params: 6_738_415_616,
  quantization: "q4_0",
  n_layers: 32,
  n_gpu_layers: 33,
  split_mode: "layer",
  n_batch: 2048,
  n_ubatch: 512,
  n_ctx: 512,
  type_k: "f16",
  type_v: "f16",
  flash_attn: 1,
  n_prompt: 0,
  n_gen: 128,
  n_depth: 0,
  avg_ts: 66.31,
  weights_bytes: 3_825_807_360,
  kv_bytes: 268_435_456,
} as const;

const answerSchema = z.array(z.record(z.string(), z.unknown()));
const answers = (folder: string) => new KeptAnswers(folder, answerSchema);
const question = machineAndEngine(machine, engine);

function keepAnswer(folder: string, rows: Record<string, unknown>[]): Promise<void> {
  return answers(folder).keep(question, rows);
}

function readAnswer(folder: string): unknown {
  return answers(folder).read(question);
}

function caseLike(changes: Partial<JournalRow>) {
  return caseOf({ ...measured, ...changes });
}

function kept(changes: Partial<JournalRow>) {
  return addRowsHere([], [caseLike(changes)], threads);
}

describe("rows measured here", () => {
  it("are kept of this hardware with this engine, whatever its owner calls it", async () => {
    const folder = temporaryFolder();
    await keepRowsHere(folder, machine, engine, [caseOf(measured)]);
    expect(readRowsHere(folder, { ...machine, name: "mine" }, engine, threads)).toMatchObject([
      { id: measured.case_id, summary: { mean: measured.avg_ts } },
    ]);
    expect(readRowsHere(folder, machine, { ...engine, build_commit: "another" }, threads)).toEqual(
      [],
    );
    expect(readRowsHere(folder, { ...machine, gpu_cores: 30 }, engine, threads)).toEqual([]);
  });

  it("are read as version 0.1 kept them, all that a prediction asks of them", async () => {
    const folder = temporaryFolder();
    await keepAnswer(folder, [keptByFirstVersion]);
    expect(readRowsHere(folder, machine, engine, threads)).toEqual([
      caseOf({ ...keptByFirstVersion, ...tested({ n_gen: 128 }), schema_version: 1, run_id: "" }),
    ]);
  });

  it("are none where what was kept says no speed", async () => {
    const folder = temporaryFolder();
    for (const damage of [{ avg_ts: null }, { n_gen: 0 }, { status: "failed" }]) {
      await keepAnswer(folder, [{ ...keptByFirstVersion, ...damage }]);
      expect(readRowsHere(folder, machine, engine, threads)).toEqual([]);
    }
  });

  it("are kept with nothing but that", async () => {
    const folder = temporaryFolder();
    await keepRowsHere(folder, machine, engine, [caseOf(measured)]);
    const [row] = answerSchema.parse(readAnswer(folder));
    const later = ["warnings", "ci95_low_ts", "ci95_high_ts", "n_threads"];
    expect(Object.keys(row ?? {})).toEqual([...Object.keys(keptByFirstVersion), ...later]);
  });

  it("take the place of older ones of the same case", async () => {
    const folder = temporaryFolder();
    await keepRowsHere(folder, machine, engine, [caseOf(measured), caseLike({ case_id: "b" })]);
    await keepRowsHere(folder, machine, engine, [caseLike({ avg_ts: 70 })]);
    const cases = readRowsHere(folder, machine, engine, threads);
    expect(cases.map((record) => [record.id, speedOf(record)])).toEqual([
      ["b", 66.31],
      [measured.case_id, 70],
    ]);
  });

  it("are not kept where the machine computed something else", () => {
    expect(kept({ warnings: ["output_differs_from_cpu: 0.3"] })).toEqual([]);
    expect(kept({ sustain_s: 600 })).toEqual([]);
  });

  const wide = { ci95_low_ts: 50, ci95_high_ts: 80 };

  it.each<readonly [string, Partial<JournalRow>]>([
    ["other programs", { warnings: ["other_load: other processes keep 2.0 of 8 CPUs busy"] }],
    ["drift", { warnings: ["drift: slower by 12.0%"] }],
    ["an interval that stayed wide", { warnings: ["wide_interval"] }],
    ["an interval of ±23%", wide],
    ["a battery", { warnings: ["on_battery"] }],
    ["heat", { warnings: ["thermal_pressure: GPU 0 was slowed"] }],
    ["swap", { warnings: ["swap_in_use: 4.00 GiB stands in swap"] }],
  ])("that %s spoiled give way to sound ones, whichever came first", (_, changes) => {
    const spoiled = caseLike({ case_id: "spoiled", ...changes });
    const sound = caseLike({ warnings: ["single_launch"] });
    const alone = addRowsHere([], [spoiled], threads);
    expect(alone).toEqual([spoiled]);
    expect(addRowsHere(alone, [sound], threads)).toEqual([sound]);
    expect(addRowsHere([sound], [spoiled], threads)).toEqual([sound]);
    expect(addRowsHere([], [spoiled, sound], threads)).toEqual([sound]);
  });

  it("that were spoiled are known as such after they were kept", async () => {
    const folder = temporaryFolder();
    const changes = [{ warnings: ["other_load"] }, { case_id: "b", ...wide }];
    await keepRowsHere(folder, machine, engine, changes.map(caseLike));
    expect(readRowsHere(folder, machine, engine, threads).map(isSpoiled)).toEqual([true, true]);
  });

  it("are forgotten by one command, those of other engines apart", async () => {
    const folder = temporaryFolder();
    const other = { ...engine, build_commit: "another" };
    await keepRowsHere(folder, machine, engine, [caseOf(measured)]);
    await keepRowsHere(folder, machine, other, [caseOf(measured)]);
    expect(await forgetRowsHere(folder, machine, engine)).toBe(1);
    expect(readRowsHere(folder, machine, engine, threads)).toEqual([]);
    expect(await forgetRowsHere(folder, machine, engine)).toBe(0);
    expect(readRowsHere(folder, machine, other, threads)).toHaveLength(1);
  });

  it("of the CPU tell nothing of another number of threads, and stay kept for theirs", async () => {
    const folder = temporaryFolder();
    const onCpu = { backend: "cpu", n_gpu_layers: 0 } as const;
    const ids = (nThreads: number) =>
      readRowsHere(folder, machine, engine, nThreads).map(({ id }) => id);
    const slow = caseLike({ ...onCpu, case_id: "slow", n_threads: 1 });
    const spoiled = caseLike({ ...onCpu, case_id: "spoiled", n_threads: 2, warnings: ["drift"] });
    await keepRowsHere(folder, machine, engine, [slow, spoiled]);
    expect([1, 2, 16].map(ids)).toEqual([["slow"], ["spoiled"], []]);
    const fast = caseLike({ ...onCpu, case_id: "fast", n_threads: 16 });
    await keepRowsHere(folder, machine, engine, [fast]);
    expect([1, 2, 16].map(ids)).toEqual([["slow"], ["spoiled"], ["fast"]]);
    expect(await forgetRowsHere(folder, machine, engine)).toBe(3);
  });

  it("that lie wholly on a device hold for any number of threads", async () => {
    const folder = temporaryFolder();
    await keepRowsHere(folder, machine, engine, [caseLike({ n_threads: 1 })]);
    expect(readRowsHere(folder, machine, engine, 64)).toHaveLength(1);
  });

  it("of the CPU from before threads were kept hold for the usual number", async () => {
    const folder = temporaryFolder();
    await keepAnswer(folder, [{ ...keptByFirstVersion, backend: "cpu", n_gpu_layers: 0 }]);
    expect(readRowsHere(folder, machine, engine, threads)).toHaveLength(1);
    expect(readRowsHere(folder, machine, engine, threads + 1)).toEqual([]);
  });

  it("are not kept where they say nothing of the machine's usual speed", () => {
    expect(kept({ status: "failed", avg_ts: null })).toEqual([]);
    expect(kept({ weights_bytes: 4_000_000 })).toEqual([]);
    expect(kept({ no_kv_offload: 1 })).toEqual([]);
    expect(kept({ n_threads: 1 })).toHaveLength(1);
    expect(kept({ n_threads: 1, n_gpu_layers: 20 })).toEqual([]);
  });
});
