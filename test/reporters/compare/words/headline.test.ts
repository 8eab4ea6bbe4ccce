import { describe, expect, it } from "vitest";
import { headlineOf } from "../../../../src/compare/headline/headline.ts";
import type { Comparison } from "../../../../src/compare/comparison.ts";
import { headlineSentences } from "../../../../src/reporters/compare/words/headline.ts";
import { compareReference } from "../../../compare/reference.ts";
import { compareRows, gib, mac, misfit, row, steady, type Columns } from "../../../compare/rows.ts";

/** A pp512 of Llama 2 7B. */
const reads = (machine: Columns, speed: number) =>
  row({ ...machine, test: "pp512", metric: "pp_ts", ...steady(speed) });

const said = (comparison: Comparison) => headlineSentences(headlineOf(comparison, () => null));

/** A mean whose interval is wide. */
function spread(mean: number): Columns {
  return { avg_ts: mean, ci95_low_ts: mean - 40, ci95_high_ts: mean + 40 };
}

describe("what both hold", () => {
  it("is told apart by writing and reading where neither is surely faster", () => {
    const both = [row(), row({ test: "pp512", metric: "pp_ts" })];
    const rerun = both.map((record) => ({ ...record, machine: { ...record.machine, name: "x" } }));
    const [first] = said(compareRows([both, rerun]));
    expect(first).toBe(
      "llama-2-7b q4_0, which both hold: neither surely writes faster (1 test); neither surely reads faster (1 test).",
    );
  });
});

describe("what only one ran wholly on its GPU", () => {
  const large = { model: "llama-2-70b", model_n_params: 68_976_648_192, n_layers: 80 } as const;
  const bytes = { weights_bytes: 38 * gib, gpu_budget_bytes: null } as const;

  it("is told where the other has layers on the CPU, whatever the reason", () => {
    const whole = row({ ...mac, ...large, ...bytes, n_gpu_layers: 81 });
    const part = row({ ...large, ...bytes, n_gpu_layers: 40, cpu_info: "AMD EPYC 7742" });
    const [first] = said(compareRows([[whole], [part]]));
    expect(first).toMatch(
      /^llama-2-70b q4_0: only mac ran it wholly on its GPU: it writes 100 t\/s\. rtx with layers on its CPU \(AMD EPYC 7742\) writes 100 t\/s/,
    );
  });
});

const labels = (...given: Parameters<typeof compareRows>) =>
  compareRows(...given).machines.map(({ label }) => label);

describe("other boxes beside a machine", () => {
  const alone: Columns = { machine: "mac" };
  const together: Columns = { machine: "mac+mac", rpc_servers: "mac (10gbe)" };
  const small: Columns = { model: "llama-2-7b", weights_bytes: 4 * gib };
  const large: Columns = { model: "llama-2-70b", weights_bytes: 38 * gib };

  it("are told by what they make of the speed, and by what runs with them alone", () => {
    const lines = said(
      compareRows([
        [
          row({ ...together, ...small, ...steady(50) }),
          reads({ ...together, ...small }, 800),
          row({ ...together, ...large, ...steady(8) }),
        ],
        [
          row({ ...alone, ...small, ...steady(100) }),
          reads({ ...alone, ...small }, 1000),
          misfit({ ...alone, ...large }),
        ],
      ]),
    );
    expect(lines[0]).toBe(
      "mac with 1 more machine writes 0.500 and reads 0.800 times as fast as alone: llama-2-7b q4_0. " +
        "Only mac+mac runs llama-2-70b q4_0: writes 8.00 t/s; the largest that mac ran alone is llama-2-7b q4_0: writes 100 and reads 1000 t/s.",
    );
  });

  it("bring or cost nothing surely where the intervals overlap", () => {
    const [first] = said(
      compareRows([[row({ ...together, ...spread(90) })], [row({ ...alone, ...spread(100) })]]),
    );
    expect(first).toContain(
      "writes 0.900 times as fast as alone: llama-2-7b q4_0; the intervals overlap, and more repetitions would tell.",
    );
  });

  it("of one run stand behind it, which they are told against", () => {
    const files = [[row(together), row(alone)]];
    expect(labels(files)).toEqual(["mac", "mac+mac"]);
    expect(compareRows(files).pairs).toMatchObject([{ baseline: { machine: { label: "mac" } } }]);
  });

  it("are the baseline where their file was named first, or they were asked for", () => {
    expect(labels([[row(together)], [row(alone)]])).toEqual(["mac+mac", "mac"]);
    expect(labels([[row(alone), row(together)]], { baseline: "mac+mac" })).toEqual([
      "mac+mac",
      "mac",
    ]);
  });

  it("are no contest, and nothing that one of the two wins", () => {
    const lines = said(compareRows([[row(together)], [row(alone)]]));
    expect(lines.join(" ")).not.toMatch(/which both hold|wins for big-model/);
  });

  it("say nothing of machines that only have alike names", () => {
    const lines = said(compareRows([[row({ machine: "mac+mac" })], [row(alone)]]));
    expect(lines.join(" ")).not.toContain("more machine");
  });
});

describe("prompts alone", () => {
  const large: Columns = {
    model: "llama-2-70b",
    quantization: "q4_k_m",
    model_n_params: 68_976_648_192,
    weights_bytes: 38 * gib,
    n_layers: 80,
  };
  const box: Columns = { machine: "rtx" };
  const onMac = [reads(mac, 700), reads({ ...mac, ...large, n_gpu_layers: 81 }, 70)];

  it("say what only one machine holds, and how fast it reads", () => {
    const lines = said(
      compareRows([onMac, [reads(box, 5000), misfit({ ...box, ...large, test: "pp512" })]]),
    );
    expect(lines.slice(0, 3)).toEqual([
      expect.stringMatching(
        /^llama-2-7b q4_0, which both hold: rtx reads 7\.14 \(.*\) times as fast\.$/,
      ),
      "llama-2-70b q4_k_m: only mac holds it on its GPU: it reads 70.0 t/s, first word of 512 tokens after 7.31 s. rtx does not hold it on its GPU, and nothing is known of it with layers on the CPU.",
      '"mac wins for big-model inference": not told here, because what only one of them holds was never measured writing.',
    ]);
  });

  it("say how fast the other reads with layers on its CPU", () => {
    const part = reads(
      { ...box, ...large, n_gpu_layers: 40, fit_at_ctx: "partial", fit_ctx: 4096 },
      30,
    );
    const [, alone] = said(compareRows([onMac, [reads(box, 5000), part]]));
    expect(alone).toMatch(
      /rtx with layers on its CPU reads 30\.0 t\/s, first word of 512 tokens after 17\.1 s\./,
    );
  });

  it("rank several machines by reading", () => {
    const machines = ["a", "b", "c"].map((machine, i) => [reads({ machine }, 100 * (i + 1))]);
    const [first] = said(compareRows(machines));
    expect(first).toBe("llama-2-7b q4_0, which all hold: reads (pp512) c 300, b 200, a 100 t/s.");
  });

  it("of one machine stand beside what others wrote", () => {
    const wrote = ["a", "b"].map((machine) => [row({ machine }), reads({ machine }, 500)]);
    const [first] = said(compareRows([...wrote, [reads({ machine: "c" }, 900)]]));
    expect(first).toMatch(
      /^llama-2-7b q4_0, which all but c ran on their GPUs: writes \(tg128\) a/,
    );
  });
});

describe("several machines", () => {
  const boxes = ["a", "b", "c", "d"].map((machine) => [row({ machine })]);
  const odd = [row({ machine: "odd", model: "llama-3-8b", n_layers: 32 })];

  it("of which one has other models are ranked without it, and it is named", () => {
    const [first] = said(compareRows([...boxes, odd]));
    expect(first).toMatch(
      /^llama-2-7b q4_0, which all but odd ran on their GPUs: writes \(tg128\) a 100, b 100, c 100, d 100 t\/s\.$/,
    );
  });

  it("of which some ran other tests are ranked at the one that most of them ran", () => {
    const others = ["x", "y"].map((machine) => [row({ machine, test: "tg1024" })]);
    const [first] = said(compareRows([...boxes.slice(0, 2), ...others, [row({ machine: "z" })]]));
    expect(first).toMatch(
      /which all but x and y ran on their GPUs: writes \(tg128\) a 100, b 100, z 100/,
    );
    const [few] = said(
      compareRows([
        ...boxes.slice(0, 2),
        ...others.slice(0, 1),
        [row({ machine: "w", test: "tg64" })],
      ]),
    );
    expect(few).toMatch(
      /^llama-2-7b q4_0, of which a and b ran the same test on their GPUs: writes/,
    );
  });

  it("are ranked even where the first has nothing in common with the others", () => {
    const [first] = said(compareRows([odd, ...boxes]));
    expect(first).toMatch(/which all but odd ran on their GPUs: writes \(tg128\) a 100/);
  });
});

describe("where the figures are from", () => {
  it("names unknown builds beside known ones, and what has no date", () => {
    const other = { engine_version: null, build_commit: null, test: "tg256" } as const;
    const both = compareRows([
      [row(mac), row({ ...mac, ...other })],
      [row(), row(other)],
    ]);
    expect(said(both).at(-1)).toMatch(
      /^Measured with llama\.cpp b6000 and unknown builds, undated/,
    );
    expect(said(compareRows([[row(mac)], [row()]])).at(-1)).toMatch(
      /^Measured with llama\.cpp b6000, undated/,
    );
  });

  it("tells month, years and publisher of published rows, machine by machine where they differ", () => {
    const may = { test_time: "2024-05", source: "owner/name@abc file.ipynb" } as const;
    const later = { test_time: "2026-08-01", source: "other/place#12" } as const;
    const [old, today] = [row({ ...mac, ...may }), row(later)];
    expect(said(compareRows([[old], [row({ machine: "rtx", ...may })]])).at(-1)).toMatch(
      /^Measured with llama\.cpp b6000, May 2024, published in owner\/name;/,
    );
    expect(said(compareRows([[old], [today]])).at(-1)).toMatch(
      /May 2024, published in owner\/name \(mac\); llama\.cpp b6000, August 2026, published in other\/place#12 \(rtx\);/,
    );
  });
});

describe("the claim in the answer", () => {
  it("is not made where no case stands in both files", () => {
    expect(said(compareRows([[row({ ...mac, model: "x" })], [row({ model: "y" })]]))).toEqual([]);
  });

  it("is not tested by models that are small for both machines", async () => {
    const lines = said(await compareReference(["m2-ultra-76c-192gb", "m3-max-40c-64gb"]));
    expect(lines).toContain(
      '"m2-ultra-76c-192gb wins for big-model inference": not tested, because no model here is large for either.',
    );
  });

  it("is not tested where writing was measured of no model that both hold", () => {
    const reading = { n_prompt: 512, n_gen: 0, test: "pp512", metric: "pp_ts" } as const;
    const lines = said(compareRows([[row({ ...mac, ...reading })], [row(reading)]]));
    expect(lines.join("\n")).toContain("and none was measured writing on both.");
  });
});
