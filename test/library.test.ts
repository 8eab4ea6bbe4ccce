import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import * as library from "../src/index.ts";
import { llmbench } from "./cli/llmbench.ts";

const file = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "llmbench-library-"));
const env = { LLMBENCH_CACHE: join(folder, "cache") };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { name: packageName } = JSON.parse(readFileSync(file("package.json"), "utf8")) as {
  readonly name: string;
};
const page = readFileSync(file("docs/library.md"), "utf8");
const example = /```js\n([\s\S]*?)```/u.exec(page)?.[1] ?? "";

describe("the library", () => {
  it("runs the example of its documentation as it stands there", () => {
    const there = join(folder, "there");
    const case_ = "-m toy-4m -q q4_0 -p 16 -n 4 -r 3 --device cpu --no-lock".split(" ");
    const other = llmbench([...case_, "--machine-name", "there", "--output-dir", there], env);
    expect(other.status).toBe(0);
    copyFileSync(join(there, "results.csv"), join(folder, "there.csv"));
    const index = pathToFileURL(file("dist/index.js")).href;
    const script = join(folder, "example.mjs");
    // Other tests measure at the same time.
    const beside = example.replace('device: "cpu",', 'device: "cpu",\n  noLock: true,');
    writeFileSync(script, beside.replace(JSON.stringify(packageName), JSON.stringify(index)));
    const printed = execFileSync(process.execPath, [script], {
      cwd: folder,
      env: { ...process.env, ...env },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(printed).toMatch(/^toy-4m prompt \d/mu);
    expect(printed).toMatch(/^toy-4m generate \d/mu);
    expect(printed).toMatch(/^full \d/mu);
    expect(printed).toMatch(/^pp16 \w+$/mu);
    expect(printed).toMatch(/^tg4 \w+$/mu);
  });

  it("offers every function that its documentation names", () => {
    const named = [...page.matchAll(/^\| `(.*?)`(?:, `(.*?)`)? +\|/gmu)]
      .flatMap(([, first, second]) => [first, second])
      .flatMap((call) => (call === undefined ? [] : [call.replace(/\(.*/u, "")]));
    expect(named).toContain("run");
    expect(named.filter((name) => !(name in library))).toEqual([]);
  });
});
