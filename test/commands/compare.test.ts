import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { toCsv } from "../../src/results/writeCsv.ts";
import { llmbench } from "../cli/llmbench.ts";
import { freshFolder } from "../results/folders.ts";
import { journalText, measured } from "../results/journals.ts";
import { caseOf, tested } from "../results/rows.ts";

const reference = (name: string) =>
  fileURLToPath(new URL(`../../reports/reference/${name}.csv`, import.meta.url));
const [mac, rtx] = [reference("m3-max-40c-64gb"), reference("rtx-4090-24gb")];
const bench = (format: string) =>
  fileURLToPath(new URL(`../results/llamaBench/toy.${format}`, import.meta.url));

/** Standard output and standard error were pasted apart: each build stands above its table. */
const twoMachines = [
  ["RTX 3060", "8.6", "aaaaaaaa (4000)", " 70.00 ± 0.10"],
  ["RTX 4090", "8.9", "bbbbbbbb (7000)", "186.00 ± 0.10"],
]
  .map(
    ([card, capability, build, speed]) => `ggml_cuda_init: found 1 CUDA devices:
  Device 0: NVIDIA GeForce ${card}, compute capability ${capability}, VMM: yes
build: ${build}

| model         |     size |  params | backend | ngl |  test |           t/s |
| ------------- | -------: | ------: | ------- | --: | ----: | ------------: |
| llama 7B Q4_0 | 3.56 GiB |  6.74 B | CUDA    |  99 | tg128 | ${speed} |
`,
  )
  .join("\n");

/** Its last lines. */
const answer = ({ stdout }: { readonly stdout: string }) => stdout.trimEnd().split("\n").slice(-12);

describe("llmbench compare", () => {
  it("answers within forty lines that no terminal breaks, the verdict last", () => {
    const { status, stdout, stderr } = llmbench(["compare", mac, rtx]);
    expect(stderr).toBe("");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.slice(-12).join(" ")).toContain('"m3-max-40c-64gb wins for big-model inference"');
    expect(status).toBe(0);
  });

  it("reads the published rows of machines that are named", () => {
    const named = llmbench(["compare", "m3-max-40c-64gb", "rtx4090"]);
    const files = llmbench(["compare", mac, rtx]);
    expect(answer(named)).toEqual(answer(files));
    expect(named.stdout).toContain("published rows that come with llmbench");
  });

  it.each([
    ["M3 Max", /M3 Max: .*which one of m3-max-40c-48gb, m3-max-40c-64gb/],
    ["m4max", /m4max: no such file, and no rows of m4-max-\S+ are published|which one of/],
    ["no-such-machine", /no-such-machine: no such file, and no machine of that name/],
  ])("refuses %j, which is neither a file nor one machine with rows", (name, message) => {
    const { status, stderr } = llmbench(["compare", name, "rtx4090"]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it("tells the line by which fit predicts what is shown", () => {
    const { stdout } = llmbench(["compare", mac, rtx]);
    expect(stdout.replaceAll(/\s+/gu, " ")).toMatch(
      /Predicted as `llmbench fit --model llama-3\S+ --quant q4_k_m --machine rtx-4090-24gb --ctx 8592` does/,
    );
  });

  it("shows prices that are given below the answer, and invents none", () => {
    const file = join(freshFolder(), "prices.yaml");
    writeFileSync(file, "currency: EUR\ndate: 2026-11-01\nboxes:\n  m3-max-40c-64gb: 3999\n");
    const { stdout, stderr } = llmbench(["compare", mac, rtx, "--prices", file]);
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n").slice(-2).join(" ")).toContain(
      "Prices that were given, of whole boxes: m3-max-40c-64gb 3,999 EUR (2026-11-01); rtx-4090-24gb without one.",
    );
  });

  it("tells build, date and source of each published row, in JSON and CSV", () => {
    const csv = join(freshFolder(), "pairs.csv");
    const { stdout } = llmbench(["compare", mac, rtx, "--json", "--csv", csv]);
    const { pairs } = JSON.parse(stdout) as { pairs: { basis: string }[] };
    const month = "May 2024, XiongjieDai/GPU-Benchmarks-on-LLM-Inference";
    for (const { basis } of pairs) {
      expect(basis).toContain(`m3-max-40c-64gb: llama.cpp b2795, ${month}`);
      expect(basis).toContain(`rtx-4090-24gb: llama.cpp b2824, ${month}`);
    }
    expect(readFileSync(csv, "utf8").split(`llama.cpp b2795, ${month}`)).toHaveLength(
      pairs.length + 1,
    );
  });

  it("prints pairs, bars and every sentence with --verbose", () => {
    const { status, stdout, stderr } = llmbench(["compare", mac, rtx, "--verbose"]);
    expect(stderr).toBe("");
    expect(stdout).toContain("rtx-4090-24gb faster");
    expect(stdout).toContain("█");
    expect(stdout).toContain('"m3-max-40c-64gb wins for big-model inference"');
    expect(status).toBe(0);
  });

  it("prints the contract's JSON, and nothing else on stdout", () => {
    const { status, stdout } = llmbench(["compare", mac, rtx, "--json", "--mix", "rag"]);
    const json = JSON.parse(stdout) as Record<string, unknown[]>;
    expect(Object.keys(json)).toEqual(["machines", "pairs", "summary", "crossover", "notes"]);
    expect(json["summary"]?.at(-1)).toMatch(/^RAG \(6000 tokens read, 400 written\)/);
    expect(status).toBe(0);
  });

  it("writes CSV, a page, and Markdown with its pictures", () => {
    const folder = freshFolder();
    const at = (name: string) => join(folder, name);
    const flags = ["--csv", at("c.csv"), "--html", at("c.html"), "--markdown", at("c.md")];
    const { status, stderr } = llmbench(["compare", mac, rtx, ...flags]);
    expect(status).toBe(0);
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(["c.csv", "c.html", "c.md", "c-speed.svg"]),
    );
    expect(stderr.split("\n").filter((line) => line.startsWith("written: "))).toHaveLength(
      readdirSync(folder).length,
    );
    expect(readFileSync(at("c.html"), "utf8")).toMatch(/^<!doctype html>/);
  });

  it("takes two machines of one file as two, and counts the rows of each file", () => {
    const file = join(freshFolder(), "paste.md");
    writeFileSync(file, twoMachines);
    const { stdout, stderr } = llmbench(["compare", file, "--json"]);
    expect(stderr).toBe("");
    const { machines, pairs, notes } = JSON.parse(stdout) as Record<string, object[]>;
    expect(machines).toMatchObject([
      { label: "rtx-3060", file, gpu_info: "NVIDIA GeForce RTX 3060" },
      { label: "rtx-4090", file, gpu_info: "NVIDIA GeForce RTX 4090" },
    ]);
    expect(pairs).toMatchObject([{ baseline: "rtx-3060", other: "rtx-4090", winner: "rtx-4090" }]);
    expect(notes).toContain("paste.md: 2 rows of llama-bench, all read");
  });

  it("names a row that it leaves out on stderr beside JSON, and in the report without", () => {
    const file = join(freshFolder(), "paste.md");
    writeFileSync(file, twoMachines.replace("70.00 ± 0.10", "OOM"));
    const note =
      'paste.md: 1 of 2 rows of llama-bench read; left out: line 7 (t/s: expected a speed, got "OOM")';
    const json = llmbench(["compare", file, rtx, "--json"]);
    expect(json.stderr).toBe(`llmbench: ${note}\n`);
    expect((JSON.parse(json.stdout) as { notes: string[] }).notes).toContain(note);
    const { stdout, stderr } = llmbench(["compare", file, rtx]);
    expect(stderr).toBe("");
    // Lines of a terminal are broken between words.
    expect(stdout.replaceAll(/\s+/gu, " ")).toContain(note);
  });

  it("tells doubtful rows: of a file without its run, and those that their own run warned of", () => {
    const file = join(freshFolder(), "rows.csv");
    const warned = { machine: "other", warnings: ["far_below_prediction: on battery"] };
    const rows = [{ avg_ts: 300 }, warned].map((columns) => caseOf({ ...measured, ...columns }));
    writeFileSync(file, toCsv(rows));
    const { stdout } = llmbench(["compare", file]);
    const notes = stdout.split("\n").filter((line) => line.startsWith("doubtful: "));
    expect(notes).toEqual([
      expect.stringMatching(/^doubtful: m3-max-40c-64gb llama-2-7b q4_0 tg128: 300 t\/s is more/),
      "doubtful: other llama-2-7b q4_0 tg128: on battery",
    ]);
  });

  it.each(["csv", "json", "jsonl", "md"])("pairs ours with llama-bench's %s", (format) => {
    const ours = join(freshFolder(), "ours.csv");
    const toy = { model: "toy-4m", machine: "here", backend: "cpu", n_gpu_layers: 0 } as const;
    const model = { model_n_params: 4_196_608, n_layers: 8, build_commit: "5b4ebc5" };
    const columns = { ...measured, ...toy, ...model, ...tested({ n_gen: 16 }) };
    writeFileSync(ours, toCsv([caseOf(columns)]));
    const { stdout, stderr } = llmbench(["compare", ours, bench(format), "--json"]);
    expect(stderr).toBe("");
    const { pairs } = JSON.parse(stdout) as { pairs: Record<string, unknown>[] };
    expect(pairs).toEqual([
      expect.objectContaining({
        model: "toy-4m",
        quantization: "q4_0",
        test: "tg16",
        ratio: expect.any(Number) as number,
        ratio_low: expect.any(Number) as number,
      }),
    ]);
  });

  it.each(["csv", "json", "jsonl", "md"])("takes llama-bench's %s", (format) => {
    const { status, stdout } = llmbench(["compare", bench(format), bench("json"), "--json"]);
    const { pairs } = JSON.parse(stdout) as {
      pairs: { model: string; results: { placement: string }[] }[];
    };
    expect(pairs).toHaveLength(6);
    for (const { model, results } of pairs) {
      expect(model).toBe("toy-4m");
      expect(results.map(({ placement }) => placement)).toEqual(["cpu", "cpu"]);
    }
    expect(status).toBe(0);
  });

  it("of rows of which none is whole says that, and no way to go on with a run", () => {
    const path = join(freshFolder(), "cut.csv");
    const text = readFileSync(mac, "utf8");
    writeFileSync(path, text.slice(0, text.indexOf("\n") + 100));
    const { status, stderr } = llmbench(["compare", path, rtx]);
    expect(status).toBe(2);
    expect(stderr).toContain("the last row is torn");
    expect(stderr).not.toContain("--resume");
  });

  it("names a run that has no result yet, and compares the others", () => {
    const folder = freshFolder();
    writeFileSync(join(folder, "results.jsonl"), journalText([]));
    const alone = llmbench(["compare", folder, mac]);
    expect(alone.stderr).toContain(`${folder}: no case has a result yet, and compare needs two`);
    expect(alone.status).toBe(2);
    const { status, stdout } = llmbench(["compare", mac, folder, rtx, "--json"]);
    const { notes } = JSON.parse(stdout) as { notes: string[] };
    expect(notes).toContain(`${folder}: no case has a result yet`);
    expect(status).toBe(0);
  });

  it.each([
    [[mac], /compare needs two machines, and only m3-max-40c-64gb is there/],
    [[mac, "missing.csv"], /missing\.csv: can't be read: no such file/],
    [
      [mac, rtx, "--baseline", "rtx"],
      /--baseline: expected one of m3-max-40c-64gb, rtx-4090-24gb, got "rtx"/,
    ],
    [[mac, rtx, "--practical", "a lot"], /--practical: expected a share such as 3% or 0\.03/],
    [[mac, rtx, "--allow", "type_q"], /--allow: .*did you mean type_k/],
    [[mac, rtx, "--prompt-tokens", "6000"], /add --output-tokens N/],
    [[mac, rtx, "--html"], /--html/],
    [[mac, rtx, "--htlm", "x"], /did you mean --html/],
  ])("refuses %j with exit 2", (args, message) => {
    const { status, stdout, stderr } = llmbench(["compare", ...args]);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});
