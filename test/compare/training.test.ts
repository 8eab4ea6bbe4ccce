import { describe, expect, it } from "vitest";
import { precisionGains } from "../../src/compare/training.ts";
import { machinesOf } from "../../src/compare/machines.ts";
import { trainingSentences } from "../../src/reporters/compare/words/training.ts";
import { compareRows, misfit, row, type Columns } from "./rows.ts";

const training: Columns = {
  engine: "torch",
  engine_version: "2.15.0",
  model: "toy-124m",
  model_n_params: 123_590_400,
  quantization: null,
  weights: "synthetic",
  n_layers: 12,
  n_gpu_layers: null,
  type_k: null,
  type_v: null,
  flash_attn: null,
};

/** Steps that take a machine so many tokens per second, by their names. */
function trained(machine: Columns, speeds: Readonly<Record<string, number>>) {
  return Object.entries(speeds).map(([test, speed]) =>
    row({ ...training, ...machine, test, samples_ts: [speed, speed * 1.001, speed * 0.999] }),
  );
}

const mac: Columns = { machine: "mac", backend: "metal", engine: "mlx", engine_version: "0.32.4" };
const rtx: Columns = { machine: "rtx", backend: "cuda" };

const onMac = trained(mac, {
  "train512 b4 f32": 1000,
  "train512 b4 bf16": 1200,
  "train512 b16 bf16": 1300,
});
const onRtx = trained(rtx, {
  "train512 b4 f32": 4000,
  "train512 b4 bf16": 9600,
  "train512 b16 bf16": 20_800,
});

describe("training on two machines", () => {
  it("is the second half of the verdict: who takes a step sooner, each at its best, and under which conditions", () => {
    const [answer, gains] = trainingSentences(compareRows([onMac, onRtx]));
    expect(answer).toBe(
      "Everything that trains: rtx takes a step 4.00 to 16.0 times as fast as mac in 3 of 3 cases; each at its best batch and precision, toy-124m: mac 1300 t/s (train512 b16 bf16), rtx 20800 t/s (train512 b16 bf16), rtx 16.0 times as fast. Conditions: mlx 0.32.4 metal on mac, torch 2.15.0 cuda on rtx; forward, backward and AdamW on one batch, no data loading, one device each.",
    );
    expect(gains).toBe(
      "Lower precision in training, against f32 at the same batch: mac bf16 ×1.20; rtx bf16 ×2.40.",
    );
  });

  it("says the same whichever comes first", () => {
    const [answer] = trainingSentences(compareRows([onRtx, onMac]));
    expect(answer).toMatch(/rtx takes a step 4\.00 to 16\.0 times as fast as mac in 3 of 3 cases/u);
  });

  it("is compared across frameworks, which are how a machine is driven", () => {
    const { pairs } = compareRows([onMac, onRtx]);
    expect(pairs.map(({ verdict }) => verdict.kind)).toEqual(["faster", "faster", "faster"]);
  });

  it("says what only one has the memory for", () => {
    const none = misfit({ ...training, ...rtx, test: "train512 b4 f32" });
    const [answer] = trainingSentences(compareRows([onMac, [none, ...onRtx.slice(1)]]));
    expect(answer).toMatch(
      /only mac has the memory for toy-124m train512 b4 f32 at 1000 t\/s\. Conditions/u,
    );
  });

  it("is not spoken of where nothing trained", () => {
    expect(trainingSentences(compareRows([[row(mac)], [row(rtx)]]))).toEqual([]);
  });
});

it("lower precision is set against f32 at the same batch alone", () => {
  const [machine] = machinesOf([{ file: "rtx", cases: onRtx }]);
  if (machine === undefined) throw new Error("no machine");
  expect(precisionGains(machine).map(({ times }) => times.toFixed(2))).toEqual(["2.40"]);
});
