/** The same words, the same library, the same file: llama.cpp logs the same of llama-bench and of us. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { llamaBenchPath } from "../../../scripts/bench/buildLlamaBench.mjs";
import { librariesFolder, packageName } from "../../../scripts/bench/enginePackages.mjs";
import { parseCommand } from "../../../src/cli/parseCommand.ts";
import { run } from "../../../src/commands/run.ts";
import type { Engine } from "../../../src/engines/engine.ts";
import { llamaCpp } from "../../../src/engines/llamacpp/row.ts";
import { expandSettings } from "../../../src/suite/expand.ts";
import { runSettings } from "../../../src/suite/runSettings.ts";
import { toyWeights } from "../toyWeights.ts";
import { hasVulkan } from "../vulkan.ts";

const libraries = hasVulkan ? librariesFolder(packageName("vulkan")) : "";
const llamaBench = llamaBenchPath(libraries);
const isBuilt = hasVulkan && existsSync(llamaBench);
if (!isBuilt) {
  process.stderr.write(
    'skipped: tests beside llama-bench need it built for a Vulkan device ("npm run bench:parity -- --device vulkan" does it)\n',
  );
}

const twoDevices = "0,0";

/** What llama.cpp says of places and sizes, without the numbers of this moment. */
function told(log: readonly string[]): string[] {
  const telling =
    /buffer size|load_mode =|offloaded \d|Flash Attention|flash_attn +=|n_ctx +=|n_ubatch +=|using device/;
  return log
    .filter((line) => telling.test(line))
    .map((line) => line.replace(/ - \d+ MiB free/, "").trim())
    .sort();
}

async function logOfLlamaBench(path: string, words: readonly string[]): Promise<string[]> {
  const child = spawn(llamaBench, ["-m", path, ...words, "-v", "-r", "1", "-p", "16", "-n", "0"], {
    // llama.cpp looks for its backends in the working directory.
    cwd: libraries,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (piece: string) => (text += piece));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`llama-bench ended with ${String(code)}: ${text.slice(-2000)}`);
  return told(text.split("\n"));
}

async function ourLog(engine: Engine, path: string, words: readonly string[]): Promise<string[]> {
  const given = parseCommand("run", run, ["-m", path, ...words, "-p", "16", "-n", "0"]).given;
  const [first] = expandSettings(runSettings(given).settings, 2);
  if (first === undefined) throw new Error("no case");
  const { workload, placement, context } = first;
  const { gpuLayers } = placement;
  const log: string[] = [];
  const watch = {
    onPhase: () => {},
    onSample: () => {},
    onLog: (line: string) => void log.push(line),
    timeoutSeconds: 120,
    signal: new AbortController().signal,
  };
  const resolved = { ...placement, gpuLayers: typeof gpuLayers === "number" ? gpuLayers : -1 };
  const session = await engine.open({ model: path, placement: resolved }, watch);
  try {
    const rule = {
      context,
      repetitions: 1,
      warmup: "llama-bench",
      agreement: 0.02,
      delaySeconds: 0,
      mostSeconds: 120,
      seed: 1,
    } as const;
    const { times } = await session.run(workload, rule, watch);
    expect(times.samplesNs).toHaveLength(1);
  } finally {
    await session.close();
  }
  return told(log);
}

describe.skipIf(!isBuilt)("llama.cpp logs of us what it logs of llama-bench", async () => {
  const path = await toyWeights();
  const visible = process.env["GGML_VK_VISIBLE_DEVICES"];
  let engine: Engine;
  beforeAll(async () => {
    process.env["GGML_VK_VISIBLE_DEVICES"] = twoDevices;
    engine = await llamaCpp.start({ device: "vulkan", own: {} });
  });
  afterAll(async () => {
    await engine.close();
    process.env["GGML_VK_VISIBLE_DEVICES"] = visible;
  });

  it.each([
    "-ngl 99 -dev Vulkan1",
    "-ngl 99 -dev Vulkan1/Vulkan0 -ts 3/1",
    "-ngl 99 -sm tensor -dev Vulkan1/Vulkan0",
    "-ngl 99 -dev none",
    "-ngl 99 -ot ffn_.*=CPU",
    String.raw`-ngl 3 -ot blk\.1\.=Vulkan1;output=CPU`,
    "-ngl 2 -nopo 1",
    "-ngl 99 -embd 1",
    "-ngl 2 --no-host 1 -mmp 0",
    "-ngl 2 -dio 1 -lzm on",
    "-ngl 0 -lm mmap+mlock -C 0x3 --cpu-strict 1 --poll 0 --prio -1 --numa distribute",
  ])("%s", async (line) => {
    const words = line.split(" ");
    const [ours, theirs] = [await ourLog(engine, path, words), await logOfLlamaBench(path, words)];
    expect(ours.length).toBeGreaterThan(3);
    expect(ours).toEqual(theirs);
  });
});
