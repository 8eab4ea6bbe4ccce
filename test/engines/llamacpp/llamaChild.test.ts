import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EngineError, Interrupted } from "../../../src/engines/engine.ts";
import { toEngineError } from "../../../src/engines/llamacpp/toEngineError.ts";
import { ChildFailure } from "../../../src/engines/child/childFailure.ts";
import type { RequestOptions } from "../../../src/engines/child/requestChild.ts";
import { LlamaChild } from "../../../src/engines/llamacpp/llamaChild.ts";
import type { HangLimits } from "../../../src/engines/child/watchdog.ts";

const file = fileURLToPath(new URL("unruly.mjs", import.meta.url));
/**
 * For deeds that are about silence, shorter than in earnest; long enough that a child that only waits for a processor of
 * a busy machine doesn't count as still.
 */
const silence = { quiet: 0.2, timesExpected: 10, still: 4, look: 0.05 };

/** What a request to a child that does `deed` fails with. */
async function failureOf(
  deed: string,
  options: RequestOptions = {},
  limits?: HangLimits,
): Promise<ChildFailure> {
  const child = new LlamaChild("cpu", {
    env: { ...process.env, UNRULY: deed },
    file,
    ...(limits === undefined ? {} : { limits }),
  });
  try {
    const failure: unknown = await child
      .request({ type: "probe" }, options)
      .catch((error) => error);
    if (failure instanceof ChildFailure) return failure;
    throw new Error(`no failure but ${String(failure)}`);
  } finally {
    await child.close();
  }
}

async function engineErrorOf(...of: Parameters<typeof failureOf>): Promise<EngineError> {
  const error = toEngineError(await failureOf(...of), false);
  if (error instanceof EngineError) return error;
  throw new Error(`no EngineError but ${String(error)}`);
}

const windows = process.platform === "win32";

describe("a child that fails", () => {
  it.each([
    ["exits with a code", "crashed", /exit code 3 during load/u],
    ["exits as if all were well", "crashed", /exit code 0 during load/u],
    ["ends within a message", "engine_error", /none of the protocol/u],
    ["answers and dies before its log is whole", "crashed", /exit code 0/u],
    ["says what is not JSON", "engine_error", /none of the protocol's during load/u],
    ["says what is none of the protocol's", "engine_error", /none of the protocol/u],
    ["says null", "engine_error", /none of the protocol/u],
    ["never ends its line", "engine_error", /none of the protocol/u],
    ["leaves a process behind that holds its pipes", "crashed", /exit code 3/u],
  ] as const)("%s: %s", async (deed, code, message) => {
    const error = await engineErrorOf(deed);
    expect(error.failing).toEqual({ status: "failed", code });
    expect(error.message).toMatch(message);
  });

  it.skipIf(windows).each([
    ["aborts", "SIGABRT"],
    ["segfaults", "SIGSEGV"],
    ["reads a mapped file that shrank", "SIGBUS"],
    ["is killed", "SIGKILL"],
  ])("%s: crashed by %s", async (deed, signal) => {
    const error = await engineErrorOf(deed);
    expect(error.failing).toEqual({ status: "failed", code: "crashed" });
    expect(error.message).toBe(`the engine's process ended by ${signal} during load`);
  });

  it("keeps the end of its log, where ggml's assertions stand", async () => {
    expect((await engineErrorOf("aborts")).logTail).toContain(
      "ggml.c:123: GGML_ASSERT(n > 0) failed",
    );
  });

  it("does not fit where its last words speak of memory, or the kernel says that it ended it", async () => {
    expect(await engineErrorOf("aborts for want of memory")).toMatchObject({
      failing: { status: "does_not_fit", code: "measured_oom" },
      message: expect.stringContaining("failed to allocate CUDA0 buffer"),
    });
    expect(toEngineError(await failureOf("is killed"), true)).toMatchObject({
      failing: { status: "does_not_fit", code: "measured_oom" },
    });
  });

  it.skipIf(windows)(
    "is no crash where Ctrl-C ended it before it could begin to ignore it",
    async () => {
      expect(toEngineError(await failureOf("is interrupted"), false)).toBeInstanceOf(Interrupted);
    },
  );

  it("may flood its log: the end is kept", async () => {
    const { failure, log } = await failureOf("floods its log, then refuses");
    expect(failure).toEqual({ kind: "refused", place: "load" });
    expect(log.length).toBeLessThanOrEqual(20_000);
    expect(log.at(-1)).toBe("line 49999");
  });
});

describe("a child that says nothing", () => {
  it("is given up soon where it does nothing either", async () => {
    const error = await engineErrorOf("hangs", {}, silence);
    expect(error.failing).toEqual({ status: "failed", code: "timed_out" });
    expect(error.message).toMatch(/hung: nothing was heard for \d+ s.* during load/u);
  });

  it("is left alone while it computes, up to the user's own limit", async () => {
    const error = await engineErrorOf("computes", { timeoutSeconds: 6 }, silence);
    expect(error.failing).toEqual({ status: "failed", code: "timed_out" });
    expect(error.message).toBe("nothing was heard from the engine for 6 s during load");
  });

  it("is not looked at before ten times the predicted time", async () => {
    const patience = { timeoutSeconds: 6, expectedSeconds: () => 60 };
    const error = await engineErrorOf("hangs", patience, silence);
    expect(error.message).toBe("nothing was heard from the engine for 6 s during load");
  });

  it("ends at once when the run is stopped", async () => {
    const stop = new AbortController();
    const failure = await failureOf("hangs", {
      signal: stop.signal,
      onPhase: () => stop.abort(),
    });
    expect(failure.failure).toEqual({ kind: "aborted" });
  });
});
