import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readGgufHeader } from "../../src/gguf/readHeader.ts";
import { cliFile, llmbench } from "../cli/llmbench.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench synth "));
const env = { LLMBENCH_CACHE: join(folder, "cache") };
const synth = (...args: string[]) => llmbench(["synth", ...args], env);
const path = (name: string) => join(folder, name);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("llmbench synth", () => {
  it("writes the same bytes each time, and says so on stdout alone when quiet", () => {
    const ended = synth("-m", "toy-4m", "-q", "q8_0", "-o", path("a.gguf"), "--quiet");
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toContain("a.gguf: toy-4m q8_0, 4.");
    synth("-m", "toy-4m", "-q", "q8_0", "-o", path("b.gguf"));
    expect(readFileSync(path("a.gguf")).equals(readFileSync(path("b.gguf")))).toBe(true);
  });

  it("leaves a file that is there alone, unless forced", () => {
    writeFileSync(path("mine.gguf"), "mine");
    const refused = synth("-m", "toy-4m", "-o", path("mine.gguf"));
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("is there already; add --force to write over it");
    expect(readFileSync(path("mine.gguf"), "utf8")).toBe("mine");
    expect(synth("-m", "toy-4m", "-o", path("mine.gguf"), "--force").status).toBe(0);
    expect(readFileSync(path("mine.gguf")).subarray(0, 4).toString()).toBe("GGUF");
  });

  it("asks before it writes much, and needs --yes where nobody can answer", () => {
    const { status, stderr } = synth("-m", "70b", "-o", path("70b.gguf"));
    expect(status).toBe(2);
    expect(stderr).toMatch(/36\.20 GiB to write in .*about 1 min 18 s at 500 MB\/s; .* are free/);
    expect(stderr).toContain("add --yes to go on");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("imitates a file, whatever is in it", () => {
    synth("-m", "toy-4m", "-q", "q5_k_m", "-o", path("original.gguf"));
    const ended = synth("--like", path("original.gguf"), "-o", path("twin.gguf"));
    expect(ended).toMatchObject({ status: 0 });
    const tables = ["original.gguf", "twin.gguf"].map((name) => readGgufHeader(path(name)).tensors);
    expect(tables[1]).toEqual(tables[0]);
  });

  it.each([
    [["--like", "70b", "-o", "x.gguf"], "a model of the catalogue is --model 70b"],
    [["--like", "x.gguf", "-q", "q4_0", "-o", "y.gguf"], "--quant beside --like"],
    [["--like", "nowhere.gguf", "-o", "y.gguf"], "nowhere.gguf: no such file"],
    [["-m", "toy-4m"], "synth needs -o FILE"],
    [["-o", "x.gguf"], "synth needs --model"],
    [["-m", "toy-4m", "-q", "q4_z", "-o", "x.gguf"], "(did you mean q4_0?)"],
    [["-m", "toy-4n", "-o", "x.gguf"], "(did you mean toy-4m?)"],
  ])("%j is an error", (args, message) => {
    const { status, stderr } = synth(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

// Windows can't send a signal to one process: Ctrl-C goes to a whole console.
describe.skipIf(process.platform === "win32")("an interrupted synth", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s ends with 130 and leaves nothing",
    async (signal) => {
      const target = join(folder, signal);
      const args = [cliFile, "synth", "-m", "7b", "-o", join(target, "7b.gguf")];
      const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
      let stderr = "";
      child.stderr.on("data", (chunk) => (stderr += String(chunk)));
      const closed = once(child, "close");
      while (!existsSync(target) || readdirSync(target).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      child.kill(signal);
      expect(await closed).toEqual([130, null]);
      expect(stderr).toContain("stopping; once more to end at once");
      expect(readdirSync(target)).toEqual([]);
    },
  );
});
