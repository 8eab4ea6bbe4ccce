/** One source of predictions, whoever asks: a plan, its rows, and `fit`. */
import { expect, it } from "vitest";
import { keepRowsHere, rowsHereFolder } from "../../src/predict/rowsHere.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import { llmbench } from "../cli/llmbench.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { caseOf, tested } from "../results/rows.ts";
import { planHere } from "../usecases/inProcess.ts";

const LLMBENCH_CACHE = temporaryFolder();
process.env["LLMBENCH_CACHE"] = LLMBENCH_CACHE;

const asked = ["--model", "7b", "--quant", "q4_0", "--device", "cpu"];

const given: GivenFlags = {
  models: ["7b"],
  quantizations: ["q4_0"],
  device: "cpu",
  weights: "synthetic",
};

interface Fit {
  readonly predicted: { readonly tg_ts: number; readonly basis: string } | null;
}

function fitHere(): Fit | undefined {
  return (JSON.parse(llmbench(["fit", ...asked, "--json"]).stdout) as Fit[])[0];
}

it("fit, --dry-run and a run's rows predict from what was measured here, and alike", async () => {
  const before = await planHere(given);
  expect(before.cases.map(({ speed }) => speed)).toEqual([null, null]);
  expect(fitHere()?.predicted).toBeNull();
  expect(llmbench([...asked, "--dry-run"]).stdout).not.toContain("predicted");

  const { machine, parts } = before;
  const [{ engine }] = parts;
  const small = {
    ...tested({ n_gen: 128 }),
    case_id: "small",
    status: "measured",
    machine: machine.name,
    backend: "cpu",
    model: "tinyllama-1.1b",
    quantization: "q4_0",
    n_layers: 22,
    n_gpu_layers: 0,
    n_threads: machine.default_threads,
    n_ctx: 512,
    flash_attn: 1,
    weights_bytes: 635_000_000,
    kv_bytes: 268_435_456,
    avg_ts: 40,
  } as const;
  const larger = { quantization: "q8_0", weights_bytes: 1_169_000_000, avg_ts: 22 };
  await keepRowsHere(rowsHereFolder(LLMBENCH_CACHE), machine, engine.facts, [
    caseOf(small),
    caseOf({ ...small, case_id: "larger", ...larger }),
  ]);

  const { cases } = await planHere(given);
  const speed = cases.find(({ settings: { workload } }) => workload.kind === "generate")?.speed;
  expect(speed?.basis).toBe("measured here");
  expect(speed?.tg_ts).toBeGreaterThan(5);
  expect(speed?.tg_ts).toBeLessThan(8);
  expect(fitHere()?.predicted).toMatchObject({ tg_ts: speed?.tg_ts, basis: "measured here" });
  expect(llmbench([...asked, "--dry-run"]).stdout).toMatch(
    /^predicted speeds: leave-one-out error: tg off by \d+\.\d% \(at most \d+\.\d%, 2 left out in turn\)$/m,
  );
});
