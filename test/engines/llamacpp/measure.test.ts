import { pathToFileURL } from "node:url";
import { getPriority } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LlamaChild } from "../../../src/engines/llamacpp/llamaChild.ts";
import { wholeModel } from "../../../src/engines/engine.ts";
import type { Measured, MeasureRequest } from "../../../src/engines/llamacpp/protocol.ts";
import { shortRule } from "../asked.ts";
import { toyWeights } from "../toyWeights.ts";

const path = await toyWeights();

const request: MeasureRequest = {
  type: "measure",
  nPrompt: 0,
  nGen: 8,
  nDepth: 0,
  ...shortRule.context,
  repetitions: 3,
  warmup: "llama-bench",
  agreement: 0.02,
  delay: 0,
  seed: 1,
};

async function measured(
  changes: Partial<MeasureRequest> = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<Measured> {
  const child = new LlamaChild("cpu", { env });
  try {
    await child.request({ type: "load", path, ...wholeModel });
    return (await child.request({ ...request, ...changes })).value;
  } finally {
    await child.close();
  }
}

const tokensOf = ({ token_ns: times }: Measured) =>
  times.reduce((sum, [, count]) => sum + count, 0);

describe("what llama-bench's users ask of a process", () => {
  it("no warm-up at all is one", async () => {
    const child = new LlamaChild("cpu");
    const phases: string[] = [];
    await child.request({ type: "load", path, ...wholeModel });
    const onPhase = ({ kind }: { readonly kind: string }) => phases.push(kind);
    const { value } = await child.request({ ...request, warmup: "none" }, { onPhase });
    await child.close();
    expect(value.warmup_ns).toEqual([]);
    expect(phases).not.toContain("warm_up");
    expect(phases).toContain("repetition");
  });

  // Whoever is nicer than that already may not be allowed to be less so.
  it.skipIf(process.platform === "win32" || getPriority() > 5)(
    "a priority and a NUMA strategy hold from the load on",
    async () => {
      const child = new LlamaChild("cpu");
      const { value: info } = await child.request({ type: "probe" });
      expect(info.backend).toBe("cpu");
      const placement = { ...wholeModel, priority: -1, numa: "distribute" } as const;
      await child.request({ type: "load", path, ...placement });
      expect(getPriority(child.pid)).toBe(5);
      await child.request({ ...request, cpuMask: "0x1", cpuStrict: true, poll: 0 });
      await child.close();
    },
  );
});

describe("times of single tokens", () => {
  it("are counted over all repetitions, those of the warm-up not", async () => {
    expect(tokensOf(await measured())).toBe(3 * 8);
    expect(tokensOf(await measured({ warmup: "full" }))).toBe(3 * 8);
  });

  it("fill the repetitions that they were taken in", async () => {
    const { token_ns: times, samples_ns: samples } = await measured({ nGen: 64 });
    const [within, whole] = [
      times.reduce((sum, [ns, count]) => sum + ns * count, 0),
      samples.reduce((sum, ns) => sum + ns, 0),
    ];
    // Each is off by 0.1% at most.
    expect(within).toBeLessThan(whole * 1.002);
    expect(within).toBeGreaterThan(whole * 0.9);
  });

  it("of a repetition that the machine slept through don't count, and those of the one in its place do", async () => {
    const preload = `--import "${pathToFileURL(join(import.meta.dirname, "asleep.mjs")).href}"`;
    const slept = await measured({}, { ...process.env, NODE_OPTIONS: preload });
    expect(slept.suspended).toBe(1);
    expect(slept.samples_ns).toHaveLength(3);
    expect(tokensOf(slept)).toBe(3 * 8);
  });

  it("are none of a prompt, and of a prompt with generation behind it those that were generated", async () => {
    expect((await measured({ nPrompt: 16, nGen: 0 })).token_ns).toEqual([]);
    expect(tokensOf(await measured({ nPrompt: 16, nGen: 4 }))).toBe(3 * 4);
  });
});
