import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { llamaCpp } from "../../src/engines/llamacpp/row.ts";
import { syntheticFolder } from "../../src/base/cacheFolder.ts";
import type { LoadGroup } from "../../src/plan/benchCase.ts";
import type { Variant } from "../../src/plan/variant.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { withOutputError } from "../../src/run/caseFacts.ts";
import { OutputCheck } from "../../src/run/outputCheck.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { caseOf, tested } from "../results/rows.ts";

const cacheDir = mkdtempSync(join(tmpdir(), "llmbench-output-"));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

/** As much of a group as the check looks at. */
function group(gpuLayers: number): LoadGroup {
  const variant = { model: resolveModel("toy-4m"), quantization: "q4_0" } as unknown as Variant;
  return { variant, placement: { gpuLayers }, cases: [] } as unknown as LoadGroup;
}

async function checkOn(device: "cpu" | "vulkan") {
  const engine = await llamaCpp.start({ device, own: {} });
  onTestFinished(() => engine.close());
  const events: string[] = [];
  const onEvent = ({ type }: RunEvent) => events.push(type);
  const { signal } = new AbortController();
  const run = { engine, cacheDir, machine: { driver: null, default_threads: 1 } };
  const check = new OutputCheck({ run, onEvent, signal });
  return { check, events };
}

describe("a device's output", () => {
  it("is nothing to compare where nothing is on a device", async () => {
    const { check, events } = await checkOn("cpu");
    expect(await check.errorOf(group(-1))).toBeNull();
    expect(events).toEqual([]);
  });

  it.runIf(hasVulkan)("is compared once for a shape, a device and a build", async () => {
    const first = await checkOn("vulkan");
    expect(await first.check.errorOf(group(0))).toBeNull();
    const error = await first.check.errorOf(group(-1));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(1e-2);
    expect(first.events).toContain("checking output");

    const later = await checkOn("vulkan");
    expect(await later.check.errorOf(group(2))).toBe(error);
    expect(later.events).toEqual([]);
  });

  it.runIf(hasVulkan)("leaves none of the weights that were made to compare it", () => {
    const folder = syntheticFolder(cacheDir);
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });
});

describe("a row", () => {
  const measured = caseOf({
    ...tested({ n_gen: 128 }),
    status: "measured",
    model: "toy-4m",
    avg_ts: 66.31,
    n_gpu_layers: 33,
    warnings: ["single_launch"],
  });

  it("warns where the device's output is more than 1e-2 from the CPU's", () => {
    const right = withOutputError(measured, 0.002);
    expect(rowOf(right)).toMatchObject({ output_nmse: 0.002, warnings: ["single_launch"] });
    const wrong = withOutputError(measured, 0.25);
    expect(rowOf(wrong).warnings).toEqual(["single_launch", "output_differs_from_cpu: 0.25"]);
  });

  it("without layers on the device has no output of it", () => {
    const onCpu = { ...measured, settings: { ...measured.settings, gpuLayers: 0 } };
    expect(withOutputError(onCpu, 0.25)).toEqual(onCpu);
    expect(withOutputError(measured, null)).toEqual(measured);
  });
});
