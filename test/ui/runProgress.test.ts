import { describe, expect, it } from "vitest";
import type { LaunchCount } from "../../src/bench/repetitions.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import type { BenchCase } from "../../src/plan/benchCase.ts";
import type { ReadRow } from "../../src/results/row.ts";
import type { RunEvent } from "../../src/run/events.ts";
import type { Progress, Step } from "../../src/ui/progress.ts";
import { RunProgress } from "../../src/ui/runProgress.ts";
import { caseOf, tested } from "../results/rows.ts";

/** As much of a case as is shown. */
function benchCase(id: string, nGen: number, launches = 1): BenchCase {
  return {
    id,
    launches,
    variant: { model: { id: "toy-4m" }, quantization: "q4_0", weights: { tensorBytes: 1e6 } },
    settings: { workload: workloadOf({ prompt: 0, generated: nGen, depth: 0 }) },
    training: null,
  } as unknown as BenchCase;
}

function result(one: BenchCase, nGen: number, rest: Partial<ReadRow>): RunEvent {
  const row = { case_id: one.id, model: "toy-4m", quantization: "q4_0" };
  return { type: "result", result: caseOf({ ...row, ...tested({ n_gen: nGen }), ...rest }) };
}

/** Keeps what is said: lines, and of each bar its label and what stands behind it. */
function watching(
  cases: readonly BenchCase[],
  verbose = false,
  sustainSeconds: number | null = null,
  predictedSeconds: number | null = null,
  launches: LaunchCount = 1,
) {
  const said: string[] = [];
  let step: Step | undefined;
  const progress: Progress = {
    line: (text) => said.push(text),
    warn: (text) => said.push(`! ${text}`),
    begin(next) {
      step = next;
      said.push(`> ${next.label}`);
    },
    advance: (done) => said.push(`${done}/${step?.total} ${step?.describe?.(done)}`),
    end() {},
  };
  const clock = { now: 0 };
  const shown = new RunProgress(progress, {
    engine: "llama.cpp",
    cases,
    repetitions: 2,
    launches,
    warmup: "full",
    predictedSeconds,
    verbose,
    sustainSeconds,
    clock: () => clock.now,
  });
  const after = (...events: RunEvent[]) => {
    said.length = 0;
    for (const event of events) shown.onEvent(event);
    return said;
  };
  return { after, clock, describe: () => step?.describe?.(0) };
}

const [a, b] = [benchCase("tg8", 8), benchCase("tg16", 16)];
const announce = (one: BenchCase, number: number, launch = 1): RunEvent => ({
  type: "case",
  case: one,
  engine: "llama.cpp",
  number,
  of: 2,
  launch,
});

const warmUp = (number: number): RunEvent => ({
  type: "phase",
  phase: { kind: "warm_up", number },
});

describe("a run's progress", () => {
  it("shows a case's phases and repetitions", () => {
    const { after } = watching([a, b]);
    expect(
      after(
        announce(a, 1),
        { type: "loading", variant: a.variant, launch: 1 },
        { type: "phase", phase: { kind: "repetition", number: 1 } },
        { type: "sample", ns: 1e9, repetition: 1 },
        { type: "phase", phase: { kind: "repetition", number: 2 } },
      ),
    ).toEqual(["> [1/2] toy-4m q4_0 tg8", "0/4 loading", "2/4 repetition 1", "3/4 repetition 2"]);
  });

  it("names no number of launches where as many are taken as it takes", () => {
    const ten = benchCase("tg8", 8, 10);
    const { after, clock, describe: left } = watching([ten], false, null, null, "auto");
    expect(
      after(announce(ten, 1, 2), { type: "loading", variant: ten.variant, launch: 2 }),
    ).toEqual(["> [1/2] toy-4m q4_0 tg8 launch 2", "0/4 loading"]);
    after(warmUp(1));
    clock.now = 10;
    after(announce(ten, 1, 3), warmUp(1));
    // Of the usual five, one took ten seconds.
    expect(left()).toBe("warm-up 1, about 40 s left");
  });

  it("shows weights on their way to the disk, and then the case", () => {
    const { after } = watching([a, b]);
    const bytes = 2 ** 19;
    expect(
      after(
        announce(a, 1),
        { type: "weights", variant: a.variant, bytes, total: 2 * bytes },
        { type: "weights", variant: a.variant, bytes: 2 * bytes, total: 2 * bytes },
        { type: "weights made", variant: a.variant },
        { type: "loading", variant: a.variant, launch: 1 },
      ),
    ).toEqual([
      "> writing synthetic weights of toy-4m q4_0, 1.00 MiB",
      "524288/1048576 512.00 KiB",
      "1048576/1048576 1.00 MiB",
      "> [1/2] toy-4m q4_0 tg8",
      "0/4 loading",
    ]);
  });

  it("tells how long the run still takes, once a case was measured", () => {
    const { after, clock } = watching([a, b]);
    after(announce(a, 1), { type: "phase", phase: { kind: "context" } });
    clock.now = 60;
    after(result(a, 8, { status: "measured", avg_ts: 10, stddev_ts: 1 }));
    // Twice the tokens take twice the time.
    expect(after(announce(b, 2), { type: "phase", phase: { kind: "warm_up", number: 1 } })).toEqual(
      ["> [2/2] toy-4m q4_0 tg16", "0/4 warm-up 1, about 2 min left"],
    );
  });

  it("counts warm-ups as a part of the way", () => {
    const { after } = watching([a, b]);
    after(announce(a, 1));
    expect(after(warmUp(1), warmUp(2)).slice(1)).toEqual(["0/4 warm-up 1", "1/4 warm-up 2"]);
  });

  it("tells a time left from the start where it is predicted, and it goes down while a case runs", () => {
    const { after, clock, describe: now } = watching([a], false, null, 100);
    after(announce(a, 1), { type: "phase", phase: { kind: "context" } });
    expect(now()).toBe("context, about 1 min 40 s left");
    clock.now = 30;
    expect(now()).toBe("context, about 1 min 10 s left");
    clock.now = 1000;
    expect(now()).toBe("context, about 0 s left");
  });

  it("counts the launches of a case that has several", () => {
    const { after } = watching([benchCase("tg8", 8, 3)]);
    const [one] = [benchCase("tg8", 8, 3)];
    expect(after(announce(one, 1, 2), { type: "phase", phase: { kind: "context" } })[0]).toBe(
      "> [1/2] toy-4m q4_0 tg8 launch 2/3",
    );
  });

  it("fills with time where a case is repeated for a time", () => {
    const { after, clock } = watching([a], false, 600);
    const repetition: RunEvent = { type: "phase", phase: { kind: "repetition", number: 1 } };
    after(announce(a, 1), { type: "phase", phase: { kind: "warm_up", number: 1 } });
    clock.now = 50;
    expect(after(repetition)).toEqual(["0/600 repetition 1"]);
    clock.now = 200;
    expect(after(repetition)).toEqual(["150/600 repetition 1"]);
  });

  it("has a line for each result, measured or not", () => {
    const { after } = watching([a, b]);
    expect(
      after(
        result(a, 8, { status: "measured", avg_ts: 66.314, stddev_ts: 0.306 }),
        result(b, 16, {
          status: "failed",
          reason: "crashed: the engine's process ended by SIGSEGV",
        }),
      ),
    ).toEqual([
      "toy-4m q4_0 tg8: 66.31 ± 0.31 t/s",
      "toy-4m q4_0 tg16: crashed: the engine's process ended by SIGSEGV",
    ]);
  });

  it("shows the engine's log as it comes when it is asked to be verbose, and only then", () => {
    const line = { type: "log", line: "CPU_Mapped model buffer size = 2.39 MiB" } as const;
    expect(watching([a], true).after(line)).toEqual(["  CPU_Mapped model buffer size = 2.39 MiB"]);
    expect(watching([a]).after(line)).toEqual([]);
  });

  it("warns even where progress is not wanted", () => {
    const { after } = watching([]);
    expect(after({ type: "warning", text: "on battery" })).toEqual(["! warning: on battery"]);
  });
});
