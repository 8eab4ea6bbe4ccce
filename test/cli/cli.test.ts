import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commandNames } from "../../src/commands/registry.ts";
import { suiteNames } from "../../src/suite/loadSuite.ts";
import { cliFile, llmbench } from "./llmbench.ts";

describe("llmbench --version", () => {
  it("prints package.json's", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(llmbench(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("llmbench --help", () => {
  it("names every command", () => {
    const { status, stdout } = llmbench(["--help"]);
    expect(status).toBe(0);
    for (const name of commandNames) expect(stdout).toContain(`llmbench ${name}`);
  });

  it.each([...commandNames])("of %s shows examples, whatever else is wrong", (name) => {
    const { status, stdout } = llmbench([name, "--bogus", "--help"]);
    expect(status).toBe(0);
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain(`llmbench ${name}`);
  });

  it.each(["--help", ...commandNames.map((name) => `${name} --help`)])(
    "%s fits 80 columns where no terminal tells its width",
    (line) => {
      const { stdout } = llmbench(line.split(" "));
      expect(stdout.split("\n").filter((text) => text.length > 80)).toEqual([]);
    },
  );

  it("of run names every suite that comes along", () => {
    const { stdout } = llmbench(["run", "--help"]);
    const told = /suite to run: ([^]*?) or a YAML\s+file/u.exec(stdout)?.[1]?.match(/[\w-]+/gu);
    expect(told?.toSorted()).toEqual(suiteNames());
  });

  it("puts in brackets what may be left out", () => {
    expect(llmbench(["models", "--help"]).stdout).toContain("llmbench models [MODEL…] [flags]");
    expect(llmbench(["verify", "--help"]).stdout).toContain("llmbench verify FILE… [flags]");
  });

  it("ends quietly when its reader has gone", async () => {
    const child = spawn(process.execPath, [cliFile, "run", "--help"]);
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    const [status] = (await once(child, "close")) as [number];
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});

it.runIf(process.platform === "linux")(
  "output that can't be written is an error in one line",
  () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [cliFile, "--help"], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^llmbench: standard output can't be written: ENOSPC: .*\n$/);
  },
);

describe("llmbench help", () => {
  it.each([
    [["help"], ["--help"]],
    [
      ["help", "fit"],
      ["fit", "--help"],
    ],
  ])("%j means %j", (words, flags) => {
    const { status, stdout } = llmbench(words);
    expect({ status, stdout }).toEqual({ status: 0, stdout: llmbench(flags).stdout });
  });

  it("of a command that isn't there exits 2", () => {
    const { status, stderr } = llmbench(["help", "fti"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "llmbench: unknown command fti (did you mean fit?)\n",
    });
  });
});

describe("a command line that can't be understood", () => {
  it.each([
    [["runn"], "unknown command runn (did you mean run?)"],
    [["7b"], "unknown command 7b; see llmbench --help"],
    [["--modle", "7b"], "unknown flag --modle (did you mean --model?)"],
    [["run", "7b"], "unexpected argument 7b; see llmbench run --help"],
    [["--model"], "--model needs a value: MODEL,…"],
    [["--seed", "1", "--seed", "2"], '--seed: expected one value, got 2: "1", "2"'],
    [["-p", "many"], "--n-prompt: expected a whole number from 0"],
    [["--device", "vulcan"], "(did you mean vulkan?)"],
  ])("%j exits 2 with one line on stderr", (args, message) => {
    const { status, stdout, stderr } = llmbench(args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(/^llmbench: /);
  });

  it("shows the stack with --verbose", () => {
    const { status, stderr } = llmbench(["--modle", "--verbose"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/\n\s+at /);
  });
});
