import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "csv-parse/sync";
import type { JournalRow } from "../../src/results/row.ts";
import { cliFile, llmbench } from "../cli/llmbench.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench run "));
const env = { LLMBENCH_CACHE: join(folder, "cache") };
const path = (name: string) => join(folder, name);
/** The quickest run there is, which other tests' runs don't keep from running. */
const quick = "-m toy-4m -p 32 -n 0 -r 2 --launches 1 --no-lock".split(" ");
/** With one thread: two that wait for each other crawl where tests share two cores. */
const run = (...args: string[]) => llmbench([...args, "--device", "cpu", "-t", "1"], env);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("llmbench --model", () => {
  const directory = path("first run");
  let first: ReturnType<typeof run>;

  beforeAll(() => {
    first = run(...quick, "--output-dir", directory);
  });

  it("measures, prints a table on stdout, and says on stderr where the CSV is", () => {
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(/toy-4m q4_0.*\| +pp32 +\|.*± /);
    expect(first.stdout).toMatch(/^\| model /);
    expect(first.stderr).toMatch(/toy-4m q4_0 pp32: [\d.]+ ± [\d.]+ t\/s/);
    expect(first.stderr).toContain(`CSV: ${join(directory, "results.csv")}`);
  });

  it("writes CSV, Markdown and HTML beside the journal", () => {
    expect(readdirSync(directory).sort()).toEqual([
      "report.html",
      "report.md",
      "results.csv",
      "results.jsonl",
    ]);
    const rows = parse(readFileSync(join(directory, "results.csv")), { columns: true });
    expect(rows).toMatchObject([{ model: "toy-4m", test: "pp32", status: "measured" }]);
  });

  it("has files that report makes again, byte for byte", () => {
    const again = path("made again");
    const made = llmbench(["report", directory, "--output-dir", again]);
    expect(made.status).toBe(0);
    for (const name of ["results.csv", "report.md", "report.html"]) {
      expect(made.stdout).toContain(join(again, name));
      expect(readFileSync(join(again, name), "utf8")).toBe(
        readFileSync(join(directory, name), "utf8"),
      );
    }
  });

  it("is printed by report in every form of -o", () => {
    const printed = (format: string) => llmbench(["report", directory, "-o", format]).stdout;
    expect(printed("csv")).toBe(readFileSync(join(directory, "results.csv"), "utf8"));
    expect(printed("md")).toBe(readFileSync(join(directory, "report.md"), "utf8"));
    expect(printed("table")).toBe(first.stdout);
    const [row] = JSON.parse(printed("json")) as JournalRow[];
    expect(row).toMatchObject({ test: "pp32", status: "measured" });
    expect(JSON.parse(printed("jsonl"))).toEqual(row);
  });

  it("never writes into a folder that holds a run", () => {
    const { status, stderr } = run(...quick, "--output-dir", directory);
    expect(status).toBe(2);
    expect(stderr).toContain(`--resume ${directory}`);
  });

  it("that is resumed when all is done prints its table and exits as it did", () => {
    const resumed = llmbench(["--resume", directory, "--no-lock"], env);
    expect(resumed.status).toBe(0);
    expect(resumed.stdout).toBe(first.stdout);
  });

  it.each([
    [["-p", "64"], "--n-prompt beside --resume"],
    [["--model", "7b"], "--model beside --resume"],
    [["--seed", "2"], "--seed beside --resume"],
  ])("%j beside --resume is an error", (flags, message) => {
    const { status, stderr } = llmbench(["--resume", directory, ...flags], env);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

it("flags as llama-bench's users type them mean the same", () => {
  const args = "-m toy-4m -ngl 99 -p 16 -n 4,8 -fa 1 -ub 256 -r 1 -o json --quiet --no-lock".split(
    " ",
  );
  const { status, stdout, stderr } = run(...args, "--launches", "1", "--output-dir", path("forms"));
  expect(status).toBe(0);
  // Quiet is about progress: a machine that is busy otherwise is worth a warning.
  expect(stderr).not.toMatch(/^(?!warning: ).+$/m);
  const rows = JSON.parse(stdout) as JournalRow[];
  expect(rows.map(({ test }) => test)).toEqual(["pp16", "tg4", "tg8"]);
  expect(rows[0]).toMatchObject({ n_ubatch: 256, flash_attn: 1, repetitions: 1, n_gpu_layers: 0 });
});

describe("--dry-run", () => {
  it("prints the plan, writes nothing and exits 0, even where nothing fits", () => {
    const nowhere = path("not written");
    const { status, stdout } = run("-m", "405b", "-q", "f16", "--dry-run", "--output-dir", nowhere);
    expect(status).toBe(0);
    expect(stdout).toMatch(/llama-3\.1-405b +f16 +755\.97 GiB +synthetic +pp512/);
    expect(existsSync(nowhere)).toBe(false);
  });

  it("prints JSON with -o json", () => {
    const { stdout } = run("-m", "toy-4m", "-p", "16", "-n", "8", "--dry-run", "-o", "json");
    expect(JSON.parse(stdout)).toMatchObject([
      { model: "toy-4m", test: "pp16", fit: "full", tried: true },
      { model: "toy-4m", test: "tg8", fit: "full", tried: true },
    ]);
  });
});

const onCpu = ["-m", "toy-4m", "--device", "cpu", "--no-lock"];

describe("bad input", () => {
  beforeAll(() => {
    llmbench(["synth", "-m", "toy-4m", "-o", path("whole.gguf"), "--quiet"], env);
    writeFileSync(path("truncated.gguf"), readFileSync(path("whole.gguf")));
    truncateSync(path("truncated.gguf"), 1_000_000);
    writeFileSync(path("empty.gguf"), "");
    writeFileSync(path("text.gguf"), "not a model at all");
    writeFileSync(path("key.yaml"), "model: toy-4m\nrepetition: 3\n");
    writeFileSync(path("type.yaml"), "model: toy-4m\nrepetitions: many\n");
    writeFileSync(path("model.yaml"), "model: toy-5m\n");
    writeFileSync(path("file"), "");
  });

  it.each([
    ["an unknown model", ["-m", "toy-5m"], "did you mean toy-4m?"],
    ["an unknown quantization", ["-q", "q4_z"], "did you mean q4_0?"],
    ["an unknown flag", ["--reptitions", "3"], "did you mean --repetitions?"],
    ["an unknown suite", ["--suite", "quik"], "did you mean quick?"],
    ["an unknown key of a suite", ["--suite", path("key.yaml")], "repetition"],
    ["a wrong type in a suite", ["--suite", path("type.yaml")], "many"],
    ["an unknown model of a suite", ["--suite", path("model.yaml")], "model.yaml: unknown model"],
    ["an empty GGUF", ["-m", path("empty.gguf")], "empty.gguf"],
    ["a truncated GGUF", ["-m", path("truncated.gguf")], "truncated.gguf"],
    ["a file that isn't GGUF", ["-m", path("text.gguf")], "text.gguf"],
    ["a file that isn't there", ["-m", path("gone.gguf")], "gone.gguf"],
    ["another quantization than the file's", ["-m", path("whole.gguf"), "-q", "q8_0"], "q8_0"],
    ["a folder that can't be made", [...quick, "--output-dir", path("file/below")], "below"],
    ["a file in place of a folder", [...quick, "--output-dir", path("file")], "file"],
    ["an unknown engine", ["-m", "toy-4m", "--engine", "llama.cp"], "did you mean llama.cpp?"],
    ["a plan as CSV", ["-m", "toy-4m", "--dry-run", "-o", "csv"], "--output csv"],
    ["a plan as Markdown", ["-m", "toy-4m", "--dry-run", "-o", "md"], "--output md"],
    [
      "a GPU's budget without a GPU",
      [...onCpu, "--gpu-budget", "8GiB"],
      "--gpu-budget: no GPU is in use on ",
    ],
    ["a main GPU that isn't there", [...onCpu, "-mg", "5"], "--main-gpu 5: "],
    [
      "more proportions than devices",
      [...onCpu, "-ts", "3/1"],
      "--tensor-split 3/1: 2 proportions",
    ],
    ["a folder to resume that isn't there", ["--resume", path("gone")], "gone"],
    ["--retry-failed without --resume", ["--retry-failed"], "--retry-failed needs --resume"],
    [
      "a quantized V cache without flash attention",
      ["-ctv", "q8_0", "-fa", "off"],
      "--cache-type-v",
    ],
    ["nothing to measure", ["-p", "0", "-n", "0"], "nothing to measure"],
  ])("%s exits 2 with a message of two lines at most", (_, args, message) => {
    const { status, stdout, stderr } = llmbench(args, env);
    const said = stderr.split("\n").filter((line) => line.startsWith("llmbench: "));
    expect(stderr).toContain(message);
    expect(said).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("a cache that can't hold synthetic weights is one error before anything is measured", () => {
    const args = [...onCpu, "-q", "q4_0,q8_0", "--output-dir", path("no cache")];
    const cache = { LLMBENCH_CACHE: path("file/cache") };
    const { status, stdout, stderr } = llmbench(args, { ...env, ...cache });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      /^llmbench: .+cache: synthetic weights can't be kept there: .*LLMBENCH_CACHE/mu,
    );
    expect(existsSync(path("no cache"))).toBe(false);
  });

  it("a folder that holds a run is refused before an engine starts", () => {
    mkdirSync(path("held"));
    writeFileSync(path("held/results.jsonl"), "{}\n");
    const args = ["-m", "toy-4m", "--device", "cuda", "--output-dir", path("held")];
    const { status, stderr } = llmbench(args, env);
    expect(status).toBe(2);
    expect(stderr).toContain("holds a run already");
  });

  it.runIf(process.platform === "linux")("a device that isn't there exits 2", () => {
    const { status, stderr } = llmbench(["-m", "toy-4m", "--device", "metal"], env);
    expect(status).toBe(2);
    expect(stderr).toContain("metal");
  });
});

// Windows can't send a signal to one process: Ctrl-C goes to a whole console.
describe.skipIf(process.platform === "win32")("Ctrl-C", () => {
  const directory = path("interrupted");

  it("keeps the results so far, says how to resume, and ends with 130", async () => {
    const args = "-m toy-4m -p 32 -n 64,65,66 -r 20 -t 1 --launches 1 --no-lock --device cpu".split(
      " ",
    );
    const child = spawn(process.execPath, [cliFile, ...args, "--output-dir", directory], {
      env: { ...process.env, ...env },
    });
    let stderr = "";
    let asked = false;
    child.stderr.on("data", (chunk) => {
      stderr += String(chunk);
      if (asked || !/ pp32: [\d.]+ ± /.test(stderr)) return;
      asked = true;
      // npm forwards what the terminal has sent to all: the same key, twice.
      child.kill("SIGINT");
      child.kill("SIGINT");
    });
    expect(await once(child, "close")).toEqual([130, null]);
    expect(stderr).toMatch(/interrupted: [1-3] of 4 results are kept in /);
    expect(stderr).toContain(`--resume ${directory}`);
    expect(readFileSync(join(directory, "results.csv"), "utf8")).toContain("pp32");
  });

  it("leaves a run that goes on where it stopped", () => {
    const before = caseIds(directory);
    const { status, stderr } = llmbench(["--resume", directory, "--no-lock"], env);
    expect({ status, failed: status === 0 ? "" : stderr }).toEqual({ status: 0, failed: "" });
    const after = caseIds(directory);
    expect(after).toHaveLength(4);
    expect(new Set(after).size).toBe(4);
    expect(after.slice(0, before.length)).toEqual(before);
  });
});

function caseIds(directory: string): string[] {
  return readFileSync(join(directory, "results.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; case_id: string })
    .filter(({ type }) => type === "case")
    .map(({ case_id: id }) => id);
}
