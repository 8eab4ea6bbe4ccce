/** What was measured: figures over all repetitions of all launches. */
import { isSpeed } from "../../bench/metrics.ts";
import { summaryOf, type CaseRecord } from "../../bench/record.ts";
import { stopReasons } from "../../bench/stopReasons.ts";
import type { Summary } from "../../bench/summary.ts";
import { count, fieldsOf, made, oneOf, real, samples, speed } from "./column.ts";
import { readingColumns } from "./readingColumns.ts";

const summary = fieldsOf("summary");
const sustained = fieldsOf("sustained");

/** Figures in tokens per second; null where the case has none, or is measured in another unit. */
function speedsOf(record: CaseRecord): Summary | null {
  return isSpeed(record.workload) ? summaryOf(record) : null;
}

export const summaryColumns = {
  launches: summary("launches", count, "", "child processes that gave samples", "not measured"),
  repetitions: summary(
    "repetitions",
    count,
    "",
    "samples of all launches together",
    "not measured",
  ),
  avg_ns: summary("meanNs", real, "ns", "mean time of a repetition", "not measured"),
  stddev_ns: summary(
    "sdNs",
    real,
    "ns",
    "sample standard deviation of it",
    "fewer than two samples",
  ),
  avg_ts: made(
    speed.nullable().default(null),
    (record) => speedsOf(record)?.mean ?? null,
    "tokens/s",
    "mean of the repetitions' speeds (not tokens over mean time), above 0",
    "not measured",
  ),
  stddev_ts: made(
    real,
    (record) => speedsOf(record)?.sd ?? null,
    "tokens/s",
    "sample standard deviation of `samples_ts`",
    "fewer than two samples",
  ),
  median_ts: made(
    real,
    (record) => speedsOf(record)?.median ?? null,
    "tokens/s",
    "median",
    "not measured",
  ),
  mad_ts: made(
    real,
    (record) => speedsOf(record)?.mad ?? null,
    "tokens/s",
    "median absolute deviation from the median, unscaled",
    "not measured",
  ),
  min_ts: made(
    real,
    (record) => speedsOf(record)?.min ?? null,
    "tokens/s",
    "slowest repetition",
    "not measured",
  ),
  max_ts: made(
    real,
    (record) => speedsOf(record)?.max ?? null,
    "tokens/s",
    "fastest repetition",
    "not measured",
  ),
  ci95_low_ts: made(
    real,
    (record) => speedsOf(record)?.ci95?.low ?? null,
    "tokens/s",
    "lower end of the 95% interval of the mean over launches; one that would begin below 0 begins at 0",
    "a single sample",
  ),
  ci95_high_ts: made(
    real,
    (record) => speedsOf(record)?.ci95?.high ?? null,
    "tokens/s",
    "upper end of it",
    "a single sample",
  ),
  sd_within_ts: made(
    real,
    (record) => speedsOf(record)?.sdWithin ?? null,
    "tokens/s",
    "standard deviation of repetitions within a launch, pooled",
    "no launch has two samples",
  ),
  sd_between_ts: made(
    real,
    (record) => speedsOf(record)?.sdBetween ?? null,
    "tokens/s",
    "standard deviation between launches, what repetitions scatter taken out",
    "one launch",
  ),
  samples_ts: made(
    samples,
    (record) => [...(speedsOf(record)?.values ?? [])],
    "tokens/s",
    "every repetition's speed, above 0, in the order taken",
    "not measured",
  ),
  load_ms: readingColumns.load_ms,
  stopped_by: summary(
    "stoppedBy",
    oneOf(stopReasons),
    "",
    "what ended the repetitions, see below",
    "not measured, or not known",
  ),
  sustain_s: made(
    real,
    (record) => summaryOf(record)?.sustained?.seconds ?? null,
    "s",
    "time over which `--sustain` repeated the workload",
    "no `--sustain`",
  ),
  burst_ts: made(
    real,
    (record) => speedsOf(record)?.sustained?.burst ?? null,
    "tokens/s",
    "mean speed of the first 30 s, of a run below 90 s of its first third",
    "no `--sustain`",
  ),
  sustained_ts: made(
    real,
    (record) => speedsOf(record)?.sustained?.held ?? null,
    "tokens/s",
    "mean speed of the last third",
    "no `--sustain`",
  ),
  sustained_drop: sustained(
    "drop",
    real,
    "",
    "share of the burst speed that was lost: 1 - sustained / burst",
    "no `--sustain`",
  ),
  throttled_at_s: sustained(
    "throttledAtSeconds",
    real,
    "s",
    "when the speed fell at a step, since the first repetition began",
    "no `--sustain`, or no step",
  ),
  peak_rss_bytes: readingColumns.peak_rss_bytes,
} as const;
