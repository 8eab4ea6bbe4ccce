import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { stayAwake } from "../../src/machine/stayAwake.ts";

const path = process.env["PATH"] ?? "";
let folder: string;

/** Stands in for the system's tool, which needs a system bus: notes its arguments, and when it ended. */
const inhibit = `#!/bin/sh
trap 'echo > "$0.ended"; exit' TERM
echo "$@" > "$0.asked"
cat
echo > "$0.ended"
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "llmbench awake "));
  const tool = join(folder, "systemd-inhibit");
  writeFileSync(tool, inhibit);
  chmodSync(tool, 0o755);
  return () => {
    process.env["PATH"] = path;
  };
});

const file = (name: string) => join(folder, `systemd-inhibit.${name}`);
const asked = () => (existsSync(file("asked")) ? readFileSync(file("asked"), "utf8") : "");

it.runIf(process.platform === "linux")(
  "systemd keeps the machine awake until it may sleep again",
  async () => {
    process.env["PATH"] = `${folder}${delimiter}${path}`;
    const sleepAgain = await stayAwake();
    await expect.poll(asked).toContain("--what=idle:sleep");
    expect(existsSync(file("ended"))).toBe(false);
    sleepAgain();
    await expect.poll(() => existsSync(file("ended"))).toBe(true);
  },
);

it.runIf(process.platform === "linux")("who is killed lets the machine sleep", async () => {
  const script = `import { stayAwake } from ${JSON.stringify(new URL("../../dist/machine/stayAwake.js", import.meta.url).href)};
    await stayAwake();
    setInterval(() => {}, 1000);`;
  const env = { ...process.env, PATH: `${folder}${delimiter}${path}` };
  const run = spawn(process.execPath, ["--input-type=module", "-e", script], { env });
  await expect.poll(asked).toContain("--what=idle:sleep");
  run.kill("SIGKILL");
  await expect.poll(() => existsSync(file("ended"))).toBe(true);
});

it.runIf(process.platform === "linux")("a system without the tool is left as it is", async () => {
  process.env["PATH"] = mkdtempSync(join(tmpdir(), "llmbench empty "));
  const sleepAgain = await stayAwake();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sleepAgain).not.toThrow();
});
