import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { llmbench } from "../cli/llmbench.ts";
import { toy } from "../gguf/shapes.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { mixedTypes, sparseModel } from "./sparseModel.ts";

interface Row {
  readonly model: string;
  readonly quantization: string;
  readonly machine: string;
  readonly fit: string;
  readonly n_layers: number;
  readonly n_gpu_layers: number;
  readonly max_ctx: number | null;
  readonly weights_bytes: number;
  readonly device_bytes: number;
  readonly gpu_budget_bytes: number | null;
  readonly predicted: { readonly tg_ts: number; readonly basis: string } | null;
}

function rows(args: readonly string[]): Row[] {
  const { status, stdout, stderr } = llmbench(["fit", ...args, "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as Row[];
}

/** The contract, in order. */
const keys = [
  "model",
  "quantization",
  "machine",
  "n_ctx",
  "n_batch",
  "n_ubatch",
  "type_k",
  "type_v",
  "fit",
  "n_layers",
  "n_gpu_layers",
  "max_ctx",
  "weights_bytes",
  "kv_bytes",
  "compute_bytes",
  "device_bytes",
  "host_bytes",
  "gpu_budget_bytes",
  "host_budget_bytes",
  "tight",
  "predicted",
];

describe("llmbench fit --json", () => {
  it("has the keys of the contract, a row for each model, quantization and machine", () => {
    const found = rows([
      "--model",
      "toy-4m,toy-24m",
      "--quant",
      "q4_0,f16",
      "--machine",
      "m3-max-40c-64gb",
      "--machine",
      "rtx-4090-24gb",
    ]);
    expect(found).toHaveLength(8);
    for (const row of found) expect(Object.keys(row)).toEqual(keys);
    expect(found.slice(0, 2).map(({ machine }) => machine)).toEqual([
      "m3-max-40c-64gb",
      "rtx-4090-24gb",
    ]);
  });

  it("says of 70B what each machine holds, and how fast it would be", () => {
    const [mac, card, two] = rows([
      "--model",
      "70b",
      "--quant",
      "q4_k_m",
      "--machine",
      "m3-max-40c-64gb,rtx-4090-24gb,2x-rtx-4090-24gb",
    ]);
    expect(mac).toMatchObject({ model: "llama-2-70b", fit: "full", n_gpu_layers: 81 });
    expect(card).toMatchObject({ fit: "partial", n_layers: 80 });
    expect(two?.fit).toBe("full");
    expect((Number(mac?.weights_bytes) / 2 ** 20).toFixed(2)).toBe("39503.23");
    expect(mac?.predicted?.tg_ts).toBeGreaterThan(Number(card?.predicted?.tg_ts));
  });

  it("plans with --gpu-budget instead of what devices have", () => {
    const [row] = rows([
      "--model",
      "70b",
      "--quant",
      "q4_0",
      "--machine",
      "rtx-4090-24gb",
      "--gpu-budget",
      "10GiB",
    ]);
    expect(row?.gpu_budget_bytes).toBe(10 * 2 ** 30);
    expect(row?.device_bytes).toBeLessThanOrEqual(10 * 2 ** 30);
  });

  it("takes a file, and a machine of the user's own", () => {
    const folder = temporaryFolder();
    const { path } = sparseModel(folder, "mine", toy, mixedTypes(toy, "q8_0"));
    const machine = join(folder, "box.yaml");
    writeFileSync(
      machine,
      `discrete:
  - gpu: NVIDIA GeForce RTX 4090
    id: my-box
    memory_gib: [24]
    backend: cuda
    bandwidth_gbs: { value: 1008, source: the maker }
host:
  ram_gib: { value: 32, source: mine }
  bandwidth_gbs: { value: 80, source: mine }
`,
    );
    expect(rows(["--model", path, "--machine", machine])).toMatchObject([
      { machine: "my-box", fit: "full", n_gpu_layers: 5, max_ctx: 512 },
    ]);
  });
});

describe("llmbench fit", () => {
  it("prints a table of this machine by default", () => {
    const { status, stdout } = llmbench(["fit", "--model", "toy-4m", "--device", "cpu"]);
    expect(status).toBe(0);
    const [header, ...lines] = stdout.trimEnd().split("\n");
    expect(header).toMatch(/^model +quantization +machine +fit +needed +budget +on +max context/);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^toy-4m +q4_0 .* full .* host memory +\d+/);
  });

  it("tells of a Mac's limit what would raise it", () => {
    const { stdout } = llmbench([
      "fit",
      "--model",
      "70b",
      "--quant",
      "q4_0",
      "--machine",
      "m3-max-40c-48gb",
    ]);
    expect(stdout).toMatch(/at a raised limit: sudo sysctl iogpu\.wired_limit_mb=\d+ leaves/);
    expect(stdout).toMatch(/takes \d+ layers of llama-2-70b q4_0 with --load-mode none/);
  });

  it.each([
    [["--model", "7bb"], 'unknown model "7bb"'],
    [["--model", "toy-4m", "--machine", "rtx-4099"], 'unknown machine "rtx-4099"'],
    [["--ctx", "0"], "--ctx: expected a whole number from 1"],
    [["--cache-type-v", "q8_0", "--flash-attn", "off"], "needs flash attention"],
  ])("%j exits 2 with a line that says why", (args, message) => {
    const { status, stdout, stderr } = llmbench(["fit", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
