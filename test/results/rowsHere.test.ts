import { describe, expect, it } from "vitest";
import { addRowsHere, keepRowsHere, readRowsHere } from "../../src/results/rowsHere.ts";
import type { CaseResult } from "../../src/results/caseResult.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { measured, runLine } from "./journals.ts";

const { machine, engine } = runLine;

function kept(changes: Partial<CaseResult>) {
  return addRowsHere([], [{ ...measured, ...changes }], machine);
}

describe("rows measured here", () => {
  it("are kept of this hardware with this engine, whatever its owner calls it", async () => {
    const folder = temporaryFolder();
    await keepRowsHere(folder, machine, engine, [measured]);
    expect(readRowsHere(folder, { ...machine, name: "mine" }, engine)).toMatchObject([
      { case_id: measured.case_id, avg_ts: measured.avg_ts },
    ]);
    expect(readRowsHere(folder, machine, { ...engine, build_commit: "another" })).toEqual([]);
    expect(readRowsHere(folder, { ...machine, gpu_cores: 30 }, engine)).toEqual([]);
  });

  it("take the place of older ones of the same case", async () => {
    const folder = temporaryFolder();
    await keepRowsHere(folder, machine, engine, [measured, { ...measured, case_id: "b" }]);
    await keepRowsHere(folder, machine, engine, [{ ...measured, avg_ts: 70 }]);
    const rows = readRowsHere(folder, machine, engine);
    expect(rows.map(({ case_id: id, avg_ts: speed }) => [id, speed])).toEqual([
      ["b", 66.31],
      [measured.case_id, 70],
    ]);
  });

  it("are not kept where the machine was held back, or computed something else", () => {
    expect(kept({ warnings: ["single_launch"] })).toHaveLength(1);
    expect(kept({ warnings: ["on_battery"] })).toEqual([]);
    expect(kept({ warnings: ["thermal_pressure: GPU 0 was slowed"] })).toEqual([]);
    expect(kept({ warnings: ["output_differs_from_cpu: 0.3"] })).toEqual([]);
    expect(kept({ sustain_s: 600 })).toEqual([]);
  });

  it("are not kept where they say nothing of the machine's usual speed", () => {
    expect(kept({ status: "failed", avg_ts: null })).toEqual([]);
    expect(kept({ weights_bytes: 4_000_000 })).toEqual([]);
    expect(kept({ no_kv_offload: 1 })).toEqual([]);
    expect(kept({ n_threads: 1 })).toHaveLength(1);
    expect(kept({ n_threads: 1, n_gpu_layers: 20 })).toEqual([]);
  });
});
