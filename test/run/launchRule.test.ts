import { expect, it } from "vitest";
import { isNonEmpty } from "../../src/bench/launch.ts";
import { summarize } from "../../src/bench/summarize.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import { isLastLaunch } from "../../src/run/launchRule.ts";
import { timedLaunch } from "../bench/launches.ts";

const tg10 = workloadOf({ prompt: 0, generated: 10, depth: 0 });
const auto = { launches: "auto", precision: 0.01, maxTimeSeconds: 120 } as const;

/** Whether a case is done whose launches took so many milliseconds a repetition, two each. */
function isDone(ms: readonly number[], options: Parameters<typeof isLastLaunch>[2], most = 10) {
  const launches = ms.map((each, at) =>
    timedLaunch({ number: at + 1, samplesNs: [each * 1e6, each * 1e6] }),
  );
  const summary = summarize(launches, tg10);
  if (summary === null || !isNonEmpty(launches)) throw new Error("no launches");
  return isLastLaunch({ launches: most }, { launches, summary }, options);
}

it("a number of launches is taken, however they agree", () => {
  const two = { ...auto, launches: 2 };
  expect(isDone([100], two, 2)).toBe(false);
  expect(isDone([100, 100], two, 2)).toBe(true);
});

it("as many as it takes are three where they agree, never two", () => {
  expect(isDone([100, 100], auto)).toBe(false);
  expect(isDone([100, 100.1, 99.9], auto)).toBe(true);
});

it("they go on while the interval over them is wider than asked", () => {
  expect(isDone([100, 103, 97], auto)).toBe(false);
  expect(isDone([100, 103, 97], { ...auto, precision: 0.1 })).toBe(true);
});

it("they end at ten, and where the time is up once two show a difference", () => {
  const apart = [100, 110, 90, 100, 110, 90, 100, 110, 90];
  expect(isDone(apart, auto)).toBe(false);
  expect(isDone([...apart, 100], auto)).toBe(true);
  expect(isDone([90e3], auto)).toBe(false);
  expect(isDone([50e3, 20e3], auto)).toBe(true);
});
