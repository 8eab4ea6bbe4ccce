import { describe, expect, it } from "vitest";
import { watch } from "../../src/run/watch.ts";
import type { RunOptions } from "../../src/run/runOptions.ts";
import { measured } from "../results/journals.ts";

const request = {
  options: { timeoutSeconds: 1800 } as RunOptions,
  signal: new AbortController().signal,
  onEvent: () => {},
};
const row = { ...measured, n_prompt: 512, n_gen: 0, n_depth: 4096, predicted_ts: 64 };
const secondsOf = (phase: string, of = row) => watch(request, of).expectedSeconds?.(phase);

describe("how long a phase is expected to take", () => {
  it.each([
    ["repetition 3", 8],
    ["warm-up 1", 8],
    ["fill", 64],
    ["context", null],
    ["rest", null],
  ])("%s of pp512 at depth 4096 at 64 t/s: %s s", (phase, seconds) => {
    expect(secondsOf(phase)).toBe(seconds);
  });

  it("is unknown where no speed is predicted, and while a model is loaded", () => {
    expect(watch(request, { ...row, predicted_ts: null }).expectedSeconds?.("fill")).toBeNull();
    expect(watch(request, null).expectedSeconds?.("load")).toBeNull();
  });
});
