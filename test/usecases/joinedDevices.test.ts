import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { rowOf } from "../../src/results/rowOf.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { benchHere } from "./inProcess.ts";

// The one software device, twice.
process.env["GGML_VK_VISIBLE_DEVICES"] = "0,0";

const folder = mkdtempSync(join(tmpdir(), "llmbench-joined-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rowsOf(name: string, given: GivenFlags) {
  const { results } = await benchHere({
    models: ["toy-4m"],
    quantizations: ["q4_0"],
    nPrompt: [16],
    // Mesa's software device dies of a context whose first batch is a single token.
    nGen: [0],
    pg: [{ nPrompt: 16, nGen: 4 }],
    repetitions: 1,
    launches: 1,
    warmup: "llama-bench",
    device: "vulkan",
    splitMode: ["tensor"],
    outputDir: join(folder, name),
    ...given,
  });
  return results.map(rowOf);
}

const mib = 2 ** 20;

describe.skipIf(!hasVulkan)("a run with --split-mode tensor on two devices", () => {
  it.each([
    ["equal parts", [], 1],
    ["proportions", [3, 1], 3],
  ] as const)(
    "measures with every layer on both, and keeps what each of them holds: %s",
    async (name, tensorSplit, ratio) => {
      const rows = await rowsOf(name, { tensorSplit: [[...tensorSplit]] });
      expect(rows).toHaveLength(2);
      for (const row of rows) {
        expect(row).toMatchObject({
          status: "measured",
          split_mode: "tensor",
          n_gpu_layers: 5,
          flash_attn: 1,
          predicted_ts: null,
          memory_basis: "formula",
        });
        expect(row.buffers.map(({ device }) => device)).toEqual(["Vulkan0", "Vulkan1", "host"]);
        const [first, second] = row.buffers;
        expect((first?.kv_bytes ?? 0) / (second?.kv_bytes ?? 0)).toBeCloseTo(ratio, 1);
        expect(first?.compute_bytes).toBe(second?.compute_bytes);
        const off = Number(row.device_bytes_measured) - Number(row.device_bytes_predicted);
        // Each of six buffers is printed to a hundredth.
        expect(Math.abs(off)).toBeLessThanOrEqual(6 * 0.01 * mib);
      }
    },
    300_000,
  );
});
