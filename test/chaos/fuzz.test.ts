import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const fuzz = fileURLToPath(new URL("../../scripts/fuzz.mjs", import.meta.url));

/** `npm run fuzz -- --runs N` does more, and runs what was taken. */
const flags = "--runs 200 --results 60 --run 0".split(" ");

it("damaged headers and result files are taken, or refused in a line or two, in little time and memory", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fuzz, ...flags], {
    encoding: "utf8",
  });
  expect({ status, failures: status === 0 ? "" : stderr }).toEqual({ status: 0, failures: "" });
  expect(stdout).toMatch(/^200 headers: [1-9]\d* taken, [1-9]\d* refused/mu);
  expect(stdout).toMatch(/^60 result files: [1-9]\d* taken, [1-9]\d* refused/mu);
});
