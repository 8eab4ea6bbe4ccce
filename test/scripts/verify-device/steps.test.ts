import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../../src/bench/record.ts";
import { estimate } from "../../../scripts/verify-device/estimate.mjs";
import { forms, stepNames, steps } from "../../../scripts/verify-device/steps.mjs";
import { caseOf, tested } from "../../results/rows.ts";

type Facts = Parameters<typeof steps>[0];
type Candidate = Facts["candidates"][number];

const gib = 2 ** 30;

function candidate(
  model: string,
  quantization: string,
  fit: Candidate["fit"] = "full",
  fileBytes = gib,
): Candidate {
  return {
    model,
    quantization,
    fit,
    fileBytes,
    tensorBytes: fileBytes,
    nLayers: 6,
    why: "too large",
    deviceBytes: fileBytes,
    hostBytes: 0,
  };
}

function facts(changes: Partial<Facts> = {}): Facts {
  return {
    kind: "gpu",
    devices: [{ name: "CUDA0", description: "a card", budgetBytes: 24 * gib }],
    freeDiskBytes: 100 * gib,
    engine: { backend: "cuda" },
    trainers: [
      { name: "torch", python: "/a/python", why: null },
      { name: "mlx", python: null, why: "no mlx" },
    ],
    candidates: ["toy-4m", "toy-24m"].flatMap((model) =>
      ["q4_0", "q8_0"].map((quantization) => candidate(model, quantization)),
    ),
    ...changes,
  } as Facts;
}

function step(name: string, of: Facts = facts()) {
  const found = steps(of, forms.small).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}

function offloaded(layers: number, weightsOnDevice: number): CaseRecord {
  const rest = { kv_bytes: 0, compute_bytes: 0, output_bytes: 0 };
  return caseOf({
    ...tested({ n_prompt: 512 }),
    status: "measured",
    avg_ts: 1,
    model: "toy-24m",
    n_gpu_layers: layers,
    buffers: [
      { device: "CUDA0", weights_bytes: weightsOnDevice, ...rest },
      { device: "host", weights_bytes: gib, ...rest },
    ],
  });
}

function outcomes(cases: readonly CaseRecord[]) {
  return step("offload")
    .check(cases)
    .map(({ outcome }) => outcome);
}

describe("the steps", () => {
  it("are those that --only takes", () => {
    expect(steps(facts(), forms.small).map(({ name }) => name)).toEqual(stepNames);
  });
});

describe("offload", () => {
  it("asks for no layer, half and all of them, the output layer counted", () => {
    expect(step("offload").works[0]?.flags.join(" ")).toContain("--gpu-layers 0,3,7");
  });

  it("holds where as many layers as asked are on the device, and weights with them", () => {
    const rows = [offloaded(0, 0), offloaded(3, 5), offloaded(7, 9)];
    expect(outcomes(rows)).toEqual(["passed", "passed", "passed"]);
  });

  it("fails where a row claims layers that no buffer holds, or none claims them", () => {
    expect(outcomes([offloaded(0, 5), offloaded(3, 0)])).toEqual(["failed", "failed", "failed"]);
  });

  it("is not tried without a GPU, and says so", () => {
    const { works, notTried } = step("offload", facts({ kind: "cpu" }));
    expect(works).toEqual([]);
    expect(notTried[0]?.detail).toBe("llama.cpp sees no GPU here");
  });
});

describe("sizes", () => {
  it("go as far as they fit the device and the disk, and say what was left out", () => {
    const candidates = [
      candidate("toy-4m", "q4_0"),
      candidate("toy-4m", "q8_0", "partial"),
      candidate("toy-24m", "q4_0", "full", 1000 * gib),
      candidate("toy-24m", "q8_0", "none"),
    ];
    const { works, notTried } = step("sizes", facts({ candidates }));
    expect(works.map((work) => work.candidate.quantization)).toEqual(["q4_0", "q8_0"]);
    expect(notTried.map(({ detail }) => detail)).toEqual([
      "the disk has no room for its weights",
      "too large",
    ]);
  });
});

describe("training", () => {
  it("is asked of the frameworks that are here, TF32 where CUDA computes, and says of the others why not", () => {
    const { bare, notTried } = step("training");
    expect(bare.map(({ flags }) => flags.join(" "))).toEqual([
      expect.stringMatching(
        /^--engine torch .*--precisions f32,tf32,bf16,f16 .*--python \/a\/python$/u,
      ),
    ]);
    expect(notTried).toMatchObject([{ what: "training with mlx", detail: "no mlx" }]);
    const onCpu = step("training", facts({ engine: { backend: "cpu" } as Facts["engine"] }));
    expect(onCpu.bare[0]?.flags).toContain("f32,bf16,f16");
  });

  it("fails where a step takes more memory than the estimate's upper end", () => {
    const trained = (peak: number) =>
      caseOf({
        ...tested({ n_prompt: 1 }),
        n_prompt: 0,
        test: "train512 b4 f32",
        status: "measured",
        avg_ts: 1,
        value: 1,
        unit: "t/s",
        metric: "train_ts",
        model: "toy-124m",
        engine: "torch",
        backend: "cuda",
        weights_bytes: gib,
        compute_bytes: 4 * gib,
        peak_device_bytes: peak,
      });
    const ended = step("training").check([trained(5 * gib), trained(8 * gib)]);
    expect(ended.map(({ outcome }) => outcome)).toEqual(["passed", "failed"]);
  });

  it("is not failed by a precision that the device hasn't", () => {
    const skipped = caseOf({
      ...tested({ n_prompt: 1 }),
      n_prompt: 0,
      test: "train512 b4 tf32",
      status: "skipped",
      reason: "not_supported: no",
      model: "toy-124m",
      engine: "torch",
    });
    expect(step("training").check([skipped])[0]?.outcome).toBe("not tried");
  });
});

describe("roofline", () => {
  it("counts each test on each device and on the CPU beside them", () => {
    expect(step("roofline").bare[0]?.cases).toBe(14);
    expect(step("roofline", facts({ devices: [] })).bare[0]?.cases).toBe(7);
  });
});

describe("the estimate", () => {
  it("counts each file once, however many steps use it", () => {
    expect(estimate(steps(facts(), forms.small), "gpu").writtenBytes).toBe(4 * gib);
  });
});
