import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { benchHere } from "../usecases/inProcess.ts";
import { hasVulkan } from "../engines/vulkan.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench budget "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const gpuBudget = 8 * 2 ** 20;

it.skipIf(!hasVulkan)(
  "of a device too small for all layers auto takes a part, and llama.cpp's buffers stay below its budget",
  async () => {
    const { results } = await benchHere({
      models: ["toy-24m"],
      nPrompt: [8],
      nGen: [1],
      repetitions: 1,
      launches: 1,
      warmup: "llama-bench",
      device: "vulkan",
      gpuBudgetBytes: gpuBudget,
      outputDir: join(folder, "run"),
    });
    expect(results.map(({ status, fit }) => [status, fit.atCase])).toEqual([
      ["measured", "partial"],
      ["measured", "partial"],
    ]);
    for (const { settings: placed, memory } of results) {
      expect(placed.gpuLayers).toBeGreaterThan(0);
      expect(memory.deviceMeasured).toBeGreaterThan(gpuBudget / 2);
      expect(memory.deviceMeasured).toBeLessThanOrEqual(gpuBudget);
    }
  },
);
