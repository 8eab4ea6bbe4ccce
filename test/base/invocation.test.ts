import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandNames } from "../../src/commands/registry.ts";
import { cliFile, type Ended } from "../cli/llmbench.ts";
import { npm, shellEnvironment } from "../cli/npm.ts";
import { journalText, measured, planned, runLine } from "../results/journals.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "llmbench invocation ")));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function node(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const options = { encoding: "utf8", env: { ...shellEnvironment(), ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], options);
  return { status, stdout, stderr };
}

function text(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/** The package as npm installs it: a folder of its own, and a link to its program. */
function install(root: string, bin: string): string {
  const home = join(root, "node_modules", "llmbench-llamacpp");
  mkdirSync(home, { recursive: true });
  for (const name of ["dist", "package.json"]) {
    cpSync(join(checkout, name), join(home, name), { recursive: true });
  }
  symlinkSync(join(checkout, "node_modules"), join(home, "node_modules"), "junction");
  const program = join(home, "dist", "cli.js");
  // npm's .cmd files of Windows name the program itself.
  if (process.platform === "win32") return program;
  mkdirSync(join(root, bin), { recursive: true });
  symlinkSync(program, join(root, bin, "llmbench"));
  return join(root, bin, "llmbench");
}

const unknown = (program: string) => `llmbench: unknown command 7b; see ${program} --help\n`;

describe("a command that a message names is typed as llmbench was started", () => {
  it("by npm start, in the clone's folder and below it", () => {
    const args = ["start", "--silent", "--", "7b"];
    for (const cwd of [checkout, join(checkout, "src")]) {
      expect(npm(args, cwd)).toEqual({ status: 2, stdout: "", stderr: unknown("npm start --") });
    }
  });

  it("by npm start with the clone's folder, from elsewhere", () => {
    const clone = checkout.replace(/[/\\]$/u, "");
    const { stderr } = npm(["--prefix", clone, "start", "--silent", "--", "7b"], folder);
    expect(stderr).toBe(unknown(`npm --prefix ${clone} start --`));
  });

  it("by npx in the clone, where the command is the clone's own and no registry is asked", () => {
    const { stderr } = npm(
      ["exec", "--offline", "--cache", folder, "--", "llmbench", "7b"],
      checkout,
    );
    expect(stderr).toBe(unknown("npx llmbench"));
  });

  it("by npx and the package's name, where npx fetched the package", () => {
    const program = install(join(folder, "_npx", "0123456789abcdef"), "node_modules/.bin");
    const env = { npm_command: "exec", npm_lifecycle_event: "npx" };
    expect(node(program, ["7b"], env).stderr).toBe(unknown("npx llmbench-llamacpp"));
  });

  it("by npx alone, where the package is installed beside a project's others", () => {
    const program = install(folder, "node_modules/.bin");
    const env = { npm_command: "exec", npm_lifecycle_event: "npx" };
    expect(node(program, ["7b"], env).stderr).toBe(unknown("npx llmbench"));
  });

  it("by its own name, where it is installed for all", () => {
    expect(node(install(join(folder, "lib"), "../bin"), ["7b"]).stderr).toBe(unknown("llmbench"));
  });

  it("by its own name, where another package's script or program starts it", () => {
    const scripts = { start: `"${process.execPath}" "${cliFile}" 7b` };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "theirs", scripts }));
    expect(npm(["start", "--silent"], folder).stderr).toBe(unknown("llmbench"));
    const env = { npm_command: "exec", npm_lifecycle_event: "npx" };
    expect(node(cliFile, ["7b"], env).stderr).toBe(unknown("llmbench"));
  });
});

describe("by who began with npm start", () => {
  const started = {
    npm_lifecycle_event: "start",
    npm_package_json: join(checkout, "package.json"),
  };

  it.each([
    [[], /^npm start -- \[command\] \[flags\]\n/u],
    [["fit"], /^npm start -- fit \[flags\]\n/u],
    [["compare"], /^npm start -- compare FILE\|MACHINE… \[flags\]\n/u],
  ])("the help of %j is read as he types: usage and examples", (command, usage) => {
    const { stdout } = node(cliFile, [...command, "--help"], started);
    expect(stdout).toMatch(usage);
    expect(stdout).toContain("Examples:\n  npm start -- ");
    expect(stdout).not.toMatch(/^ *llmbench /mu);
  });

  it.each([
    [["run", "--model", "7c"], "npm start -- models lists them"],
    [["run", "--model", "hf:a/b:Q4_0", "--dry-run"], "npm start -- pull hf:a/b:Q4_0 downloads it"],
    [["fit", "--machine", "zx81"], "`npm start -- machines` lists those it knows"],
    [["compare"], "see npm start -- compare --help"],
    [["synth"], "see npm start -- synth --help"],
  ])("the way out of %j is read as he types", (args, way) => {
    expect(node(cliFile, args, { ...started, LLMBENCH_CACHE: folder }).stderr).toContain(way);
  });

  it("what is missing of a run is named so on the terminal, and never in a file", () => {
    const plan = [measured.case_id, "00000000"].map(planned);
    const [, ...cases] = journalText([measured]).split("\n");
    const journal = [JSON.stringify({ ...runLine, plan }), ...cases].join("\n");
    writeFileSync(join(folder, "results.jsonl"), journal);
    const outputs = [started, {}].map((env, index) => {
      const told = node(cliFile, ["report", folder, "--output", "table"], env).stdout;
      const made = join(folder, `out${index}`);
      node(cliFile, ["report", folder, "--output-dir", made], env);
      return { told, files: readdirSync(made).map((name) => [name, text(`out${index}/${name}`)]) };
    });
    expect(outputs[0]?.told).toContain("no result yet: npm start -- run --resume goes on.");
    expect(outputs[1]?.told).toContain("no result yet: llmbench run --resume goes on.");
    expect(outputs[0]?.files.map(([name]) => name)).toContain("report.md");
    expect(outputs[0]?.files).toEqual(outputs[1]?.files);
  });
});

/** What others read, who type it in their own way. */
const kept = new Set([
  "engines/python/findPython.ts",
  "machine/machineFile.ts",
  "repeat/llmbenchLine.ts",
  "reporters/reportLayout.ts",
  "reporters/table.ts",
]);

it("no message but what is kept spells a command without asking how it is typed here", () => {
  const commands = new RegExp(`llmbench (?:--|${commandNames.join("\\b|")}\\b)`, "u");
  const source = join(checkout, "src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  const spelled = files.flatMap((file) => {
    const name = file.replaceAll("\\", "/");
    if (!name.endsWith(".ts") || kept.has(name)) return [];
    const lines = readFileSync(join(source, file), "utf8").split("\n");
    return lines
      .filter((line) => !/^\s*(?:\/\/|\/?\*)/u.test(line) && commands.test(line))
      .map((line) => `${name}: ${line.trim()}`);
  });
  expect(spelled).toEqual([]);
});
