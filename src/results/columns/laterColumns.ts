/** Columns that came after version 0.1, in the order that they came; a new one stands last. */
import { memoryBases } from "../../bench/fit.ts";
import { isSpeed, unitOf } from "../../bench/metrics.ts";
import { summaryOf, type CaseRecord } from "../../bench/record.ts";
import { ramSources } from "../../bench/ramBandwidth.ts";
import { trainTflops } from "../../bench/trainingFigures.ts";
import { pageCaches } from "../../bench/weights.ts";
import { ownMetric, precisionOf } from "../../bench/workload.ts";
import { otherSettingTexts } from "../otherSettings.ts";
import { count, fieldsOf, made, oneOf, real, reserved, samples, text, texts } from "./column.ts";
import { readingColumns } from "./readingColumns.ts";

const own = fieldsOf("case");
const fit = fieldsOf("fit");
const memory = fieldsOf("memory");
const model = fieldsOf("model");
const machine = fieldsOf("machine");
const setting = fieldsOf("settings");
const tokenMs = fieldsOf("tokenMs");

/** Of a test that llmbench doesn't know, what its file says. */
function metricCell({ workload }: CaseRecord): string | null {
  return workload.kind === "unknown" ? workload.metric : ownMetric(workload);
}

function unitCell({ workload }: CaseRecord): string | null {
  return workload.kind === "unknown" ? workload.unit : unitOf(workload);
}

/** The first two stand among the first columns. */
const {
  load_ms: _,
  peak_rss_bytes: __,
  loss_first: lossFirst,
  loss_last: lossLast,
  peak_device_bytes: peakDeviceBytes,
  link_ms,
  link_gbps,
  cpu_ms,
  burst_value,
  flops,
  compile_ms,
  rpc_messages,
  rpc_turns,
  rpc_bytes,
  ...laterReadings
} = readingColumns;

export const laterColumns = {
  metric: made(
    text,
    metricCell,
    "",
    "the row's own metric: `pp_ts`, `tg_ts`, `pg_ts`, `copy_gbps`, `read_gbps`, `matmul_tflops`",
    "not stated",
  ),
  unit: made(
    text,
    unitCell,
    "",
    "unit of the metric: `t/s`, `GB/s` (10^9 bytes), `TFLOP/s`",
    "not stated",
  ),
  value: made(
    real,
    (record) => summaryOf(record)?.mean ?? null,
    "`unit`",
    "mean of the metric over all repetitions; of t/s the same as `avg_ts`",
    "not measured",
  ),
  value_low: made(
    real,
    (record) => summaryOf(record)?.ci95?.low ?? null,
    "`unit`",
    "lower end of its 95% interval; one that would begin below 0 begins at 0",
    "a single sample",
  ),
  value_high: made(
    real,
    (record) => summaryOf(record)?.ci95?.high ?? null,
    "`unit`",
    "upper end of it",
    "a single sample",
  ),
  n_parallel: made(
    count,
    ({ workload }) => (workload.parallel > 1 ? workload.parallel : null),
    "",
    "sequences that are computed together",
    "one",
  ),
  train_batch: made(
    count,
    ({ workload }) => (workload.kind === "train" ? workload.batch : null),
    "",
    "sequences of a training step",
    "not training",
  ),
  per_sequence_ts: reserved(real, "tokens/s", "speed of one of several sequences", "one sequence"),
  state_bytes: memory(
    "stateBytes",
    count,
    "bytes",
    "recurrent state, devices and host together",
    "the model has none, or unknown",
  ),
  memory_basis: fit(
    "memoryBasis",
    oneOf(memoryBases),
    "",
    "what the prediction of memory rests on in its least sure part: `llama.cpp` (asked), `formula` or `estimate`",
    "not predicted",
  ),
  token_p50_ms: tokenMs(
    "p50",
    real,
    "ms",
    "time that half of all generated tokens took at most, over all repetitions of all launches",
    "not tg, or fewer than 6 tokens",
  ),
  token_p90_ms: tokenMs(
    "p90",
    real,
    "ms",
    "the same of 90% of the tokens",
    "not tg, or fewer than 36 tokens",
  ),
  token_p99_ms: tokenMs(
    "p99",
    real,
    "ms",
    "the same of 99% of the tokens",
    "not tg, or fewer than 368 tokens",
  ),
  ttft_ms: reserved(real, "ms", "time to the first token, median of the requests", "no endpoint"),
  ttft_p90_ms: reserved(real, "ms", "the same, of 90% of the requests at most", "no endpoint"),
  tpot_ms: reserved(real, "ms", "time per output token, median of the requests", "no endpoint"),
  tpot_p90_ms: reserved(real, "ms", "the same, of 90% of the requests at most", "no endpoint"),
  request_s: reserved(real, "s", "time of a whole request, median", "no endpoint"),
  overhead_ms: reserved(real, "ms", "time that a request takes beside its tokens", "no endpoint"),
  sessions: reserved(count, "", "sessions that were played", "no endpoint"),
  requests: reserved(count, "", "requests that were sent", "no endpoint"),
  requests_failed: reserved(count, "", "requests that failed", "no endpoint"),
  cached_tokens: reserved(
    count,
    "",
    "prompt tokens that the server had in its cache",
    "no endpoint",
  ),
  draft_tokens: reserved(count, "", "tokens that a draft proposed", "no endpoint"),
  accepted_tokens: reserved(count, "", "of them those that were accepted", "no endpoint"),
  endpoint: reserved(text, "", "address of the server that was measured", "no endpoint"),
  server_command: reserved(text, "", "command that started it", "not started by llmbench"),
  server_slots: reserved(
    count,
    "",
    "requests that the server takes at once",
    "no endpoint, or unknown",
  ),
  precision: made(
    text,
    ({ workload }) => precisionOf(workload),
    "",
    "number format that is computed in: `f16`, `q4_k` (of the weights)",
    "given by the quantization",
  ),
  loss_first: lossFirst,
  loss_last: lossLast,
  peak_device_bytes: peakDeviceBytes,
  share_of_roof: own(
    "shareOfRoof",
    real,
    "",
    "of what this machine's memory (tg, by `read` of its types) or arithmetic (pp and training, by `matmul`) was measured to do, the share that was reached, from 0 to 1",
    "no roof of its types was measured on its device or with its threads, the model lies partly on the CPU, or another test",
  ),
  rpc_servers: machine(
    "servers",
    text,
    "",
    "other machines that lent devices, each with the way to it in place of its address, joined with `; `",
    "none",
  ),
  link_ms,
  link_gbps,
  devices: setting(
    "devices",
    text,
    "",
    "devices that were asked for, joined with `/`; `none` for the CPU alone",
    "left to llama.cpp",
  ),
  tensor_overrides: setting(
    "tensorOverrides",
    text,
    "",
    "tensors that were placed by name, `pattern=buffer`, joined with `;`",
    "none",
  ),
  page_cache: model(
    "pageCache",
    oneOf(pageCaches),
    "",
    "what was done about the file's cached pages before its first load in the run: `dropped`, or `unknown` where the system refused",
    "never loaded",
  ),
  bits_per_weight: reserved(real, "", "bits of the file for each parameter", "not told"),
  ram_gbps: machine(
    "ramGbps",
    real,
    "GB/s",
    "bandwidth of the host's memory; `ram_gbps_from` says who tells it",
    "not known",
  ),
  energy_j: reserved(real, "J", "energy", "not measured"),
  power_w: reserved(real, "W", "power", "not measured"),
  power_boundary: reserved(text, "", "what of the machine the energy is of", "not measured"),
  value_samples: made(
    samples,
    (record) => (isSpeed(record.workload) ? [] : [...(summaryOf(record)?.values ?? [])]),
    "`unit`",
    "every repetition's value, above 0, in the order taken, of a metric that isn't t/s (those are `samples_ts`)",
    "t/s, or not measured",
  ),
  other_settings: made(
    texts,
    ({ settings }) => otherSettingTexts(settings.others),
    "",
    "further parameters by llama-bench's names, `no_op_offload=1`, where they aren't its defaults",
    "none",
  ),
  cpu_ms,
  burst_value,
  source: own(
    "source",
    text,
    "",
    "where a published figure was taken from: repository and file, discussion or issue",
    "measured by whoever has the file, or not told",
  ),
  flops,
  compile_ms,
  rpc_messages,
  rpc_turns,
  rpc_bytes,
  ram_gbps_from: machine(
    "ramSource",
    oneOf(ramSources),
    "",
    "who tells `ram_gbps`: `given` with `--ram-gbps`, `measured` here as `copy` or `read` on the host, or `described` with its chip",
    "not known",
  ),
  train_tflops: made(
    real,
    trainTflops,
    "TFLOP/s",
    "operations of a training step, `flops`, over its time, mean over all repetitions",
    "not training, or not counted",
  ),
  predicted_low_ts: own(
    "predictedLowTs",
    real,
    "tokens/s",
    "lower end of the range of `predicted_ts`, which holds four measurements of five",
    "not predicted",
  ),
  predicted_high_ts: own("predictedHighTs", real, "tokens/s", "upper end of it", "not predicted"),
  predicted_basis: own(
    "predictedBasis",
    text,
    "",
    "what `predicted_ts` stands on in its least sure part: `measured here`, `roofline`, `published`, `datasheet`",
    "not predicted",
  ),
  // Last, so that a new reading is the last column. Another column that comes after some of them stands behind those by
  // name, and before the rest.
  ...laterReadings,
} as const;
