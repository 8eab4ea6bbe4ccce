import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unknownDatasheet } from "../../src/predict/datasheet.ts";
import { toCsv } from "../../src/results/writeCsv.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { doubtNotes, toldDoubts, withDoubts } from "../../src/predict/doubts.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { renderReport } from "../../src/reporters/writeReports.ts";
import { warningText } from "../../src/results/codes.ts";
import { importResults } from "../../src/results/importResults.ts";
import { explainWarning } from "../../src/reporters/explainWarning.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { measured as measuredRow } from "../results/journals.ts";
import { caseOf } from "../results/rows.ts";

const largerRow: JournalRow = {
  ...measuredRow,
  case_id: "larger",
  quantization: "q8_0",
  weights_bytes: 7_160_000_000,
  avg_ts: 40,
};

const measured = caseOf(measuredRow);
const larger = caseOf(largerRow);

const source = {
  datasheet: unknownDatasheet("metal"),
  measured: [measured, larger],
  published: [],
};

describe("a row of a run", () => {
  it("has no doubts where it agrees with the others", () => {
    expect(withDoubts(measured, source)).toBe(measured);
  });

  it("warns below half of what the others predict, with the reasons that its warnings tell", () => {
    const slow = caseOf({ ...largerRow, avg_ts: 12, warnings: ["tight", "on_battery"] });
    const { warnings } = withDoubts(slow, { ...source, measured: [measured, slow] });
    expect(warnings).toHaveLength(3);
    const [, , found] = warnings;
    if (found === undefined) throw new Error("no third warning");
    expect(warningText(found)).toMatch(
      /^far_below_prediction: 12\.0 t\/s is less than half of the (?:39|40)\.\d t\/s predicted \(measured here\): on battery, memory was short/,
    );
    expect(explainWarning(found)).toMatch(/; look for what held the machine back/);
  });

  it("warns beyond the memory's bandwidth, and is no witness for others then", () => {
    const datasheet = { ...source.datasheet, bandwidthBytesPerSecond: 400e9 };
    const fast = caseOf({ ...largerRow, avg_ts: 80 });
    const judged = withDoubts(fast, { ...source, datasheet, measured: [measured, fast] });
    expect(judged.warnings.map(warningText).at(-1)).toMatch(
      /^beats_bandwidth: 80\.0 t\/s is more than the 5\d\.\d t\/s that memory allows/,
    );
    expect(withDoubts(measured, { ...source, datasheet, measured: [measured, fast] })).toBe(
      measured,
    );
  });

  it("warns of a prompt that is far slower than the others' tell", () => {
    const pp = { n_prompt: 512, n_gen: 0, test: "pp512" };
    const prompt = caseOf({ ...measuredRow, ...pp, avg_ts: 800 });
    const slow = caseOf({ ...largerRow, ...pp, case_id: "slow", avg_ts: 100 });
    const { warnings } = withDoubts(slow, { ...source, measured: [prompt, slow] });
    expect(warnings.map(warningText).at(-1)).toMatch(/^far_below_prediction: 100 t\/s/);
  });

  it("isn't judged where experts or the KV cache were kept in host memory", () => {
    const slow = caseOf({ ...largerRow, avg_ts: 12, no_kv_offload: 1 });
    expect(withDoubts(slow, source)).toBe(slow);
  });
});

/** Of llama-bench: 70B Q4_K_M on a card of 24 GB. */
function claim(avg_ts: number, cpu: string): object {
  return {
    build_commit: "abc1234",
    build_number: 4000,
    cpu_info: cpu,
    gpu_info: "NVIDIA GeForce RTX 4090",
    backends: "CUDA",
    model_filename: "llama-2-70b.Q4_K_M.gguf",
    model_type: "llama 70B Q4_K - Medium",
    model_size: 41_422_749_696,
    model_n_params: 68_976_648_192,
    n_gpu_layers: 99,
    n_prompt: 0,
    n_gen: 128,
    avg_ns: 128e9 / avg_ts,
    stddev_ns: 0,
    avg_ts,
    stddev_ts: 0,
  };
}

const known = [{ id: "llama-2-70b", nParams: 68_976_648_192, nLayers: 80 }];

async function notesOf(...claims: readonly object[]): Promise<readonly string[]> {
  const file = join(temporaryFolder(), "claims.json");
  writeFileSync(file, JSON.stringify(claims));
  return doubtNotes((await importResults(file, known)).cases);
}

describe("rows of others", () => {
  it("are doubted where two channels of DDR5 can't give what a card's memory can't hold", async () => {
    const [note, ...others] = [
      ...(await notesOf(claim(14.8, "AMD Ryzen 9 7950X"))),
      ...(await notesOf(claim(4, "AMD Ryzen 9 7950X"))),
    ];
    expect(note).toMatch(
      /^doubtful: rtx-4090 llama-2-70b q4_k_m tg128: 14\.8 t\/s is more than the [45]\.\d t\/s that the GPU's memory and RAM at 89\.6 GB\/s allow/,
    );
    expect(others).toEqual([]);
  });

  it("are not where the board may have more channels than two", async () => {
    expect(await notesOf(claim(14.8, "AMD EPYC 9654 96-Core Processor"))).toEqual([]);
  });

  it("are doubted among the published ones too: a speed that can't be, and what their sources find slow themselves", () => {
    const notes = doubtNotes(publishedResults());
    // Ten are told one by one.
    expect(notes.slice(0, 10)).toHaveLength(10);
    expect(notes.at(-1)).toMatch(/^doubtful: \d more rows$/);
    const told = notes.join("\n");
    expect(told).toContain("m1-7c-8gb llama-3-8b q4_k_m tg8192: 1133 t/s");
    // Fell back to the CPU, and before llama.cpp knew latent attention.
    expect(told).toContain("m3-max-40c-48gb llama-1-65b q4_0 tg1024: 3.1 t/s");
    expect(told).toContain("8x-h100-80gb deepseek-v3 q5_k_m tg128: 23.6 t/s");
  });

  it("are told by a report of rows alone, and by a comparison of a run that warned", async () => {
    const file = join(temporaryFolder(), "rows.csv");
    writeFileSync(file, toCsv([caseOf({ ...measuredRow, avg_ts: 300 })]));
    const table = await renderReport("table", [file]);
    expect(table.split("\n").filter((line) => line.startsWith("doubtful"))).toEqual([
      expect.stringMatching(/^doubtful: m3-max-40c-64gb llama-2-7b q4_0 tg128: 300 t\/s is more/),
    ]);
    const warned = { ...measuredRow, warnings: ["far_below_prediction: on battery"] };
    writeFileSync(file, toCsv([caseOf(warned)]));
    expect(toldDoubts((await importResults(file, known)).cases)).toEqual([
      "doubtful: m3-max-40c-64gb llama-2-7b q4_0 tg128: on battery",
    ]);
  });
});
