import { describe, expect, it } from "vitest";
import type { Phase } from "../../src/bench/phases.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import { watch } from "../../src/run/watch.ts";
import type { RunOptions } from "../../src/run/runOptions.ts";

const request = {
  options: { timeoutSeconds: 1800 } as RunOptions,
  signal: new AbortController().signal,
  onEvent: () => {},
};
const workload = workloadOf({ prompt: 512, generated: 0, depth: 4096 });
const secondsOf = (phase: Phase, predictedTs: number | null) =>
  watch(request, { workload, predictedTs }).expectedSeconds?.(phase);

describe("how long a phase is expected to take", () => {
  it.each<readonly [Phase, number | null]>([
    [{ kind: "repetition", number: 3 }, 8],
    [{ kind: "warm_up", number: 1 }, 8],
    [{ kind: "fill" }, 64],
    [{ kind: "context" }, null],
    [{ kind: "rest" }, null],
  ])("%j of pp512 at depth 4096 at 64 t/s: %s s", (phase, seconds) => {
    expect(secondsOf(phase, 64)).toBe(seconds);
  });

  it("is unknown where no speed is predicted, and while a model is loaded", () => {
    expect(secondsOf({ kind: "fill" }, null)).toBeNull();
    expect(watch(request, null).expectedSeconds?.({ kind: "load" })).toBeNull();
  });
});
