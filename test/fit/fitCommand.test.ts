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
  readonly placement_fits: boolean;
  readonly weights_bytes: number;
  readonly device_bytes: number;
  readonly gpu_budget_bytes: number | null;
  readonly predicted: {
    readonly tg_ts: number;
    readonly low: number;
    readonly basis: string;
    readonly leave_one_out: { readonly tg: object | null };
  } | null;
  readonly sure?: boolean;
  readonly reason?: string | null;
  readonly price?: { readonly amount: number; readonly date: string } | null;
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
  "memory_basis",
  "n_layers",
  "n_gpu_layers",
  "max_ctx",
  "weights_bytes",
  "kv_bytes",
  "state_bytes",
  "compute_bytes",
  "device_bytes",
  "host_bytes",
  "gpu_budget_bytes",
  "host_budget_bytes",
  "tight",
  "predicted",
  "placement_fits",
  "ram_gbps",
  "ram_gbps_from",
];

/** A file that describes one card; without an `id`, under the one that llmbench knows it by. */
function ownCard(id = ""): string {
  const path = join(temporaryFolder(), "card.yaml");
  writeFileSync(
    path,
    `discrete:
  - gpu: NVIDIA GeForce RTX 4090
    ${id === "" ? "" : `id: ${id}`}
    memory_gib: [24]
    backend: cuda
    bandwidth_gbs: { value: 1008, source: the maker }
host:
  ram_gib: { value: 32, source: mine }
  bandwidth_gbs: { value: 80, source: mine }
`,
  );
  return path;
}

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

  it("says how good a prediction is on the rows that it stands on", () => {
    const [mac] = rows(["--model", "7b", "--quant", "q4_0", "--machine", "m3-max-40c-64gb"]);
    expect(mac?.predicted?.leave_one_out.tg).toMatchObject({ parts: 3 });
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

  it("places all on the main GPU where the model is not split", () => {
    const split = ["-sm", "none", "-mg", "1"];
    const args = ["-m", "8b", "-q", "q4_0", "--machine", "2x-rtx-4090-24gb", ...split];
    expect(rows(args)).toMatchObject([{ fit: "full", n_gpu_layers: 33 }]);
    expect(llmbench(["fit", ...args]).stdout).toMatch(/ full .* CUDA1 /);
  });

  it("shares every layer between two cards, and predicts no speed of it", () => {
    const args = ["-m", "70b,qwen3-30b-a3b", "-q", "q4_k_m", "--machine", "2x-rtx-4090-24gb"];
    const joined = rows([...args, "-sm", "tensor"]);
    expect(joined).toMatchObject([
      { fit: "full", n_gpu_layers: 81, predicted: null },
      { fit: "full", n_gpu_layers: 49, predicted: null },
    ]);
    const [whole] = rows(args);
    // Each card has the whole batch's intermediate results.
    expect(joined[0]?.device_bytes).toBeGreaterThan(0.97 * Number(whole?.device_bytes));
    expect(llmbench(["fit", ...args, "-sm", "tensor"]).stdout).toMatch(
      /no speed is predicted of --split-mode tensor/u,
    );
  });

  it.each([
    [["-sm", "tensor", "--machine", "2x-rtx-4090-24gb", "-fa", "off"], /needs flash attention/u],
    [["-sm", "row", "--machine", "2x-rtx-4090-24gb"], /SYCL's devices alone; use tensor/u],
  ])("refuses a split that llama.cpp refuses: %s", (flags, reason) => {
    const { status, stderr } = llmbench(["fit", "-m", "8b", "-q", "q4_0", ...flags]);
    expect(status).toBe(2);
    expect(stderr).toMatch(reason);
  });

  it("takes a file, and a machine of the user's own", () => {
    const folder = temporaryFolder();
    const { path } = sparseModel(folder, "mine", toy, mixedTypes(toy, "q8_0"));
    expect(rows(["--model", path, "--machine", ownCard("my-box")])).toMatchObject([
      { machine: "my-box", fit: "full", n_gpu_layers: 5, max_ctx: 512 },
    ]);
  });
});

describe("machines that are asked about twice", () => {
  it("have one row where they are the same, by id or alias", () => {
    const found = rows(["-m", "toy-4m", "-q", "q4_0", "--machine", "dgx-spark,gb10-128gb"]);
    expect(found.map(({ machine }) => machine)).toEqual(["gb10-128gb"]);
  });

  it("are refused where two of them share a name", () => {
    const machines = ["--machine", "rtx-4090-24gb", "--machine", ownCard()];
    const { status, stderr } = llmbench(["fit", "-m", "toy-4m", ...machines]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /--machine .*card\.yaml: another machine that is asked about is called rtx-4090-24gb too; give one an id/,
    );
  });
});

const seventyB = ["--model", "70b", "--quant", "q4_k_m", "--min-tg", "7"];

describe("llmbench fit --min-tg", () => {
  it("lists the described machines that reach the speed, fastest first, with the contract's keys", () => {
    const found = rows(seventyB);
    const speeds = found.map(({ predicted }) => predicted?.tg_ts ?? 0);
    expect(speeds).toEqual(speeds.toSorted((a, b) => b - a));
    expect(speeds.at(-1)).toBeGreaterThanOrEqual(7);
    expect(Object.keys(found[0] ?? {})).toEqual([...keys, "sure", "price", "reason"]);
    const names = found.map(({ machine }) => machine);
    expect(names).toContain("m3-max-40c-64gb");
    expect(names).toContain("2x-rtx-4090-24gb");
    expect(names).not.toContain("rtx-4090-24gb");
    for (const { sure, predicted } of found) expect(sure).toBe((predicted?.low ?? 0) >= 7);
  });

  it("lists the cheapest first where prices are given, with their dates, and says what is too slow", () => {
    const prices = join(temporaryFolder(), "prices.yaml");
    writeFileSync(
      prices,
      `currency: EUR
date: 2026-11-01
boxes:
  2x-rtx-4090-24gb: { price: 5200, date: 2026-10-15 }
  m3-max-40c-64gb: 3900
  rtx-4090-24gb: 2600
`,
    );
    const { status, stdout } = llmbench(["fit", ...seventyB, "--prices", prices]);
    expect(status).toBe(0);
    const [, cheapest = ""] = stdout.split("cheapest first");
    const lines = cheapest.trimEnd().split("\n").slice(2);
    expect(lines[0]).toMatch(/^m3-max-40c-64gb .* published .* 3,900 EUR +2026-11-01$/);
    expect(lines[1]).toMatch(/^2x-rtx-4090-24gb .* 5,200 EUR +2026-10-15$/);
    expect(lines[2]).toMatch(/^priced, and not fast enough: rtx-4090-24gb \(predicted /);
  });

  it("names this machine where nothing was measured on it yet", () => {
    const env = { LLMBENCH_CACHE: temporaryFolder() };
    const args = ["-m", "toy-4m", "-q", "q4_0", "--machine", "this", "--device", "cpu"];
    const { stdout } = llmbench(["fit", ...args, "--min-tg", "5"], env);
    expect(stdout).toMatch(/^\S+: holds it \(full\), at a speed that isn't known$/m);
  });

  it("answers for each machine that was named, with the reason where it is too slow or holds nothing", () => {
    const named = ["--machine", "m3-max-40c-64gb,rtx-4090-24gb,rtx-3060-12gb"];
    const args = ["--model", "70b", "--quant", "q4_k_m", "--min-tg", "6", ...named];
    const { stdout } = llmbench(["fit", ...args]);
    expect(stdout).toMatch(/: 1 of 3 machines, fastest first\n/);
    expect(stdout).toMatch(/^m3-max-40c-64gb +[\d.]+ /m);
    expect(stdout).toMatch(
      /^rtx-4090-24gb: predicted [\d.]+–[\d.]+ t\/s; partial \(\d+\/81 layers\)$/m,
    );
    expect(stdout).toMatch(/^rtx-3060-12gb: /m);
    const reasons = rows(args).map(({ machine, reason }) => [machine, reason === null]);
    expect(reasons).toEqual([
      ["m3-max-40c-64gb", true],
      ["rtx-4090-24gb", false],
      ["rtx-3060-12gb", false],
    ]);
  });

  it("shows people the ten best and counts the others, and --verbose and JSON have all", () => {
    const all = rows(seventyB).map(({ machine }) => machine);
    const shown = (text: string) =>
      text.split("\n").flatMap((line) => all.find((name) => line.startsWith(`${name} `)) ?? []);
    expect(all.length).toBeGreaterThan(11);
    const { stdout } = llmbench(["fit", ...seventyB]);
    expect(shown(stdout)).toEqual(all.slice(0, 10));
    expect(stdout).toMatch(
      new RegExp(
        `^and ${all.length - 10} more, the last ${all.at(-1)} at [\\d.]+ t/s; --verbose lists them$`,
        "mu",
      ),
    );
    const whole = llmbench(["fit", ...seventyB, "--verbose"]);
    expect(shown(whole.stdout)).toEqual(all);
    expect(whole.stdout).not.toContain("--verbose");
    const named = llmbench(["fit", ...seventyB, "--machine", all.join(",")]);
    expect(shown(named.stdout)).toEqual(all);
  });

  it("names the fastest where none is fast enough", () => {
    const { stdout } = llmbench(["fit", "--model", "70b", "--quant", "f16", "--min-tg", "999"]);
    expect(stdout).toMatch(
      /none of \d+ machines; the fastest is \S+, predicted [\d.]+–[\d.]+ t\/s/,
    );
  });
});

describe("llmbench fit", () => {
  it("prints a table of this machine by default", () => {
    const { status, stdout } = llmbench(["fit", "--model", "toy-4m", "--device", "cpu"]);
    expect(status).toBe(0);
    const [header, ...lines] = stdout.trimEnd().split("\n");
    expect(header).toMatch(/^model +quantization +machine +fit +needed +budget +on +max context/);
    expect(lines.filter((line) => line.startsWith("toy-4m "))).toHaveLength(2);
    expect(lines[0]).toMatch(/^toy-4m +q4_0 .* full .* host memory +\d+/);
  });

  it("prints the leave-one-out error of each machine's prediction, or that there is none", () => {
    const { stdout } = llmbench([
      "fit",
      "--model",
      "7b",
      "--machine",
      "m3-max-40c-64gb,m2-max-38c-64gb",
    ]);
    expect(stdout).toMatch(/^m3-max-40c-64gb: leave-one-out error: tg off by \d+\.\d% \(at most /m);
    expect(stdout).toMatch(/^m2-max-38c-64gb: no leave-one-out error: predicted without a row$/m);
  });

  it("says from how many published rows it predicts, of which build, when and where, and what they measured", () => {
    const args = ["fit", "-m", "llama-3.1-8b", "-q", "q4_k_m", "--machine", "m3-max-40c-64gb"];
    const { stdout } = llmbench(args);
    expect(stdout).toMatch(/^llama-3\S* +q4_k_m +m3-max-40c-64gb .* \d+ published rows$/m);
    expect(stdout).toMatch(
      /^m3-max-40c-64gb: predicted from \d+ published rows \(llama\.cpp b1620, b2795 .*XiongjieDai/m,
    );
    expect(stdout).toMatch(
      /: published rows have tg512 to tg8192 at 36\.1–50\.7 t\/s \(llama\.cpp b2795, May 2024, .* shows those; predicted is tg128/,
    );
    const one = llmbench(["fit", "-m", "7b", "-q", "q8_0", "--machine", "arc-b580"]);
    expect(one.stdout).toMatch(/^llama-2-7b .* 1 published row$/m);
  });

  it("tells of machines whose host attends, and predicts no speed of theirs", () => {
    const types = ["--cache-type-k", "q5_1", "--cache-type-v", "q5_1"];
    const machines = ["--machine", "rtx-4090-24gb,m3-max-40c-64gb"];
    const args = ["--model", "7b", "--quant", "q4_0", ...types, ...machines];
    const { stdout } = llmbench(["fit", ...args]);
    expect(stdout).toMatch(/^rtx-4090-24gb, llama-2-7b q4_0: the host attends, slowly: /m);
    expect(stdout).not.toMatch(/^m3-max-40c-64gb, .* the host attends/m);
    const [card, mac] = rows(args);
    expect(card).toMatchObject({ fit: "full", predicted: null });
    expect(mac?.predicted).not.toBeNull();
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

  it("says that layers which were asked for don't fit, and predicts no speed of them", () => {
    const args = ["-m", "70b", "-q", "q4_0", "--machine", "m3-max-40c-48gb", "--ngl", "81"];
    expect(rows(args)).toMatchObject([
      { fit: "partial", n_gpu_layers: 81, placement_fits: false, predicted: null },
    ]);
    const { stdout } = llmbench(["fit", ...args]);
    expect(stdout).toMatch(
      / partial \(81\/81 layers don't fit\) +37\.67 GiB +36\.00 GiB +MTL0 +\d+\n/,
    );
    expect(stdout).toMatch(
      /^m3-max-40c-48gb does not hold llama-2-70b q4_0 with the 81 layers that were asked for.* --gpu-layers auto/m,
    );
  });

  it("lists no machine as fast enough where the layers that were asked for don't fit", () => {
    const machines = ["--machine", "m3-max-40c-48gb"];
    const { stdout } = llmbench([
      "fit",
      "-m",
      "70b",
      "-q",
      "q4_0",
      ...machines,
      "--ngl",
      "81",
      "--min-tg",
      "1",
    ]);
    expect(stdout.trimEnd()).toMatch(
      /: none of 1 machine\nm3-max-40c-48gb: partial \(81\/81 layers don't fit\)$/,
    );
  });

  it("shows the memory that holds a model whose layers all stay on the host", () => {
    const { stdout } = llmbench([
      "fit",
      "-m",
      "8b",
      "-q",
      "q4_0",
      "--machine",
      "m3-max-40c-64gb",
      "--ngl",
      "0",
    ]);
    expect(stdout).toMatch(/ partial \(0\/33 layers\) +5\.09 GiB +61\.50 GiB +memory /);
  });

  it("names the way out where a GPU budget is too small for any placement", () => {
    const machines = ["--machine", "rtx-4090-24gb", "--gpu-budget", "500MiB"];
    const { stdout } = llmbench(["fit", "-m", "8b", "-q", "q4_0", ...machines]);
    expect(stdout).toMatch(
      /^rtx-4090-24gb holds llama-3\.1-8b q4_0 without its GPU.*: --device cpu$/m,
    );
  });

  it.each([
    [["--model", "7bb"], 'unknown model "7bb"'],
    [["--model", "toy-4m", "--machine", "rtx-4099"], 'unknown machine "rtx-4099"'],
    [
      ["--machine", "2x-rtx-4090-24gb,rtx-4090-24gb", "--tensor-split", "1/1"],
      "--tensor-split 1/1: 2 proportions, and rtx-4090-24gb has one device",
    ],
    [
      ["--machine", "2x-rtx-4090-24gb", "-ts", "1/1/1"],
      "--tensor-split 1/1/1: 3 proportions, and 2x-rtx-4090-24gb has 2 devices",
    ],
    [
      ["--machine", "2x-rtx-4090-24gb", "--tensor-split", "0/0"],
      "--tensor-split 0/0: no device gets a part",
    ],
    [
      ["--machine", "2x-rtx-4090-24gb", "-sm", "none", "-mg", "2"],
      "--main-gpu 2: 2x-rtx-4090-24gb has 2 devices, counted from 0",
    ],
    [
      ["-m", "toy-4m", "--device", "cpu", "--gpu-budget", "8GiB"],
      "--gpu-budget: no GPU is in use on ",
    ],
    [["--prices", "mine.yaml"], "--prices needs --min-tg N"],
    [["--min-tg", "fast"], "--min-tg: expected tokens per second"],
    [["--min-tg", "7", "--prices", "nowhere.yaml"], "nowhere.yaml: no such file"],
    [["--ctx", "0"], "--ctx: expected a whole number from 1"],
    [["--cache-type-v", "q8_0", "--flash-attn", "off"], "needs flash attention"],
  ])("%j exits 2 with a line that says why", (args, message) => {
    const { status, stdout, stderr } = llmbench(["fit", ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
