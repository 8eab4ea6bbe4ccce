/** Launches as they are measured, of which a test says what it is about. */
import type { TimedLaunch } from "../../src/bench/launch.ts";
import { noReadings } from "../../src/bench/readings.ts";

export function timedLaunch(given: Partial<TimedLaunch>): TimedLaunch {
  return {
    kind: "timed",
    number: 1,
    warmupNs: [5e9],
    samplesNs: [],
    tokenTimes: [],
    stoppedBy: null,
    startedNs: null,
    suspended: 0,
    readings: { ...noReadings, loadMs: 100 },
    ...given,
  };
}
