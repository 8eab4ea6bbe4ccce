import { describe, expect, it } from "vitest";
import { suiteNames } from "../../src/suite/loadSuite.ts";
import { llmbench } from "../cli/llmbench.ts";

describe("llmbench suites", () => {
  it("says of every suite what it measures, how long at most, and how much disk it takes", () => {
    const { status, stdout, stderr } = llmbench(["suites"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const name of suiteNames()) expect(stdout).toMatch(new RegExp(`^${name}: `, "m"));
    expect(stdout).toMatch(
      /^quick: .*\n {2}tinyllama-1\.1b at q4_0, q8_0; pp128, tg32\n {2}4 cases, /m,
    );
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("gives the same as JSON, in seconds and bytes", () => {
    const listed = JSON.parse(llmbench(["suites", "--json"]).stdout) as { suite: string }[];
    expect(listed.find(({ suite }) => suite === "quick")).toMatchObject({
      models: ["tinyllama-1.1b"],
      tests: ["pp128", "tg32"],
      cases: 4,
      most_seconds: 40,
      weights_bytes: expect.any(Number) as number,
    });
  });
});
