import { expect, it } from "vitest";
import type { DevicesReport } from "../../src/machine/devicesReport.ts";
import { llmbench } from "../cli/llmbench.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";

it("llmbench devices shows the machine, llama.cpp's build and the devices that it sees", () => {
  const { status, stdout, stderr } = llmbench(["devices"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^machine +\S/);
  expect(stdout).toMatch(/^llama\.cpp +v0\.4\.0 /m);
  expect(stdout).toMatch(/^CPU .* cpu /m);
});

it("llmbench devices --json says the same to a program", () => {
  const { status, stdout } = llmbench(["devices", "--json"]);
  expect(status).toBe(0);
  const report = JSON.parse(stdout) as DevicesReport;
  expect(report.engine?.package).toBe("node-llama-cpp 3.21.1");
  expect(report.devices.map(({ type }) => type)).toContain("cpu");
  expect(report.host_budget_bytes).toBeGreaterThan(0);
});

it("llmbench devices --forget-speeds says what it forgot, and keeps stdout for the report", () => {
  process.env["LLMBENCH_CACHE"] = temporaryFolder();
  const { status, stdout, stderr } = llmbench(["devices", "--forget-speeds", "--json"]);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^(?:forgotten: the speeds of \d+ cases?|no speeds of earlier runs) /);
  expect((JSON.parse(stdout) as DevicesReport).engine).not.toBeNull();
});

it("llmbench devices --rpc says what is wrong with another machine, and nothing of this one", () => {
  const { status, stdout, stderr } = llmbench(["devices", "--rpc", "127.0.0.1:1"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toBe("llmbench: RPC server 127.0.0.1:1 can't be reached: nothing listens there\n");
});
