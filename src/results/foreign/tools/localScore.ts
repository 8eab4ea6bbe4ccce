/**
 * LocalScore's results as JSON and CSV (localscore/benchmark.cpp and printer.cpp of llamafile 0.9.3): a prompt, and the
 * tokens that are generated behind it, each with its own clock; no sampling.
 */
import { mean, sampleStandardDeviation } from "simple-statistics";
import { workloadOf, type TokenCounts, type Workload } from "../../../bench/workload.ts";
import { RowRefused, type Fields, type FoundRow } from "../found.ts";
import { numberOf, textOf, type ForeignRecord, type Tool } from "./tool.ts";
import { withSurroundings } from "./withSurroundings.ts";

export const localScore: Tool = {
  owns: (columns) =>
    ["prompt_tps", "gen_tps", "n_prompt", "n_gen"].every((column) => columns.has(column)),
  piped: [],
  isRow: (fields) => numberOf(fields["prompt_tps"]) !== null,
  read(row, around) {
    const { fields } = row;
    const [prompt, generated] = [lengthOf(fields, "n_prompt"), lengthOf(fields, "n_gen")];
    const common = withSurroundings(
      { ...unprinted, ...described(fields), ...hardware(row) },
      around,
    );
    const about = { engine: engineOf(row), machine: machineOf(row) };
    const totals = totalTimes(fields);
    const record = (
      lengths: TokenCounts,
      measured: Fields,
      workload: Workload = workloadOf(lengths),
    ): ForeignRecord => ({
      ...about,
      workload,
      fields: {
        ...common,
        n_prompt: lengths.prompt,
        n_gen: lengths.generated,
        n_depth: lengths.depth,
        ...measured,
      },
    });
    const records: ForeignRecord[] = [];
    if (prompt > 0) {
      const lengths = { prompt, generated: 0, depth: 0 };
      records.push(record(lengths, speedFields(fields, "prompt_tps", totals.length)));
    }
    if (generated > 0) {
      const lengths = { prompt: 0, generated, depth: prompt };
      records.push(record(lengths, speedFields(fields, "gen_tps", totals.length)));
    }
    if (prompt > 0 && generated > 0 && totals.length > 0)
      records.push(
        record({ prompt, generated, depth: 0 }, totalFields(totals, prompt + generated)),
      );
    const ttft = numberOf(fields["ttft_ms"]);
    if (prompt > 0 && generated > 0 && ttft !== null && ttft > 0) {
      const lengths = { prompt, generated, depth: 0 };
      records.push(record(lengths, { avg_ts: ttft }, untilFirstToken(lengths)));
    }
    return records;
  },
};

/** A prompt and one token, without sampling or a request around them: nobody else's time to the first token. */
function untilFirstToken({ prompt, generated, depth }: TokenCounts): Workload {
  return {
    kind: "unknown",
    name: `LocalScore ttft_ms pp${prompt}+tg${generated}`,
    prompt,
    generated,
    depth,
    parallel: 1,
    metric: "ttft_ms",
    unit: "ms",
  };
}

function lengthOf(fields: Fields, name: string): number {
  const length = numberOf(fields[name]);
  if (length !== null && length >= 0) return length;
  throw new RowRefused(`${name}: expected a number, got ${JSON.stringify(fields[name] ?? "")}`);
}

/** What it always takes (cmd_params_defaults, localscore/cmd.cpp). */
const unprinted = { n_batch: 2048, n_ubatch: 512 };
const allLayers = 9999;

/** What llama-bench has a field for. */
function described(fields: Fields): Fields {
  const names = [
    "build_commit",
    "build_number",
    "model_filename",
    "model_type",
    "model_size",
    "model_n_params",
    "test_time",
    "main_gpu",
  ];
  return Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
}

function part(row: FoundRow, name: string): Fields {
  const found = row.outer.find((object) => name in object)?.[name];
  return typeof found === "object" && found !== null ? { ...found } : {};
}

/** The accelerator is the CPU where no GPU took part. */
function hardware(row: FoundRow): Fields {
  const accelerator = part(row, "accelerator_info");
  const cpu = textOf(part(row, "system_info")["cpu_name"]);
  const name = textOf(accelerator["name"]);
  if (name === null) return { cpu_info: cpu };
  const isGpu = textOf(accelerator["type"]) !== "CPU";
  const backends = isGpu
    ? backendOf(`${textOf(accelerator["manufacturer"]) ?? ""} ${name}`)
    : "CPU";
  return {
    cpu_info: cpu ?? (isGpu ? null : name),
    gpu_info: isGpu ? name : null,
    backends,
    n_gpu_layers: isGpu ? allLayers : 0,
  };
}

/** llamafile has these three for GPUs. */
function backendOf(maker: string): string | null {
  if (/apple/iu.test(maker)) return "Metal";
  if (/nvidia/iu.test(maker)) return "CUDA";
  return /amd|radeon/iu.test(maker) ? "ROCm" : null;
}

const gib = 2 ** 30;

function machineOf(row: FoundRow): NonNullable<ForeignRecord["machine"]> {
  const ram = numberOf(part(row, "system_info")["ram_gb"]);
  return ram === null || ram <= 0 ? {} : { ramBytes: Math.round(ram * gib) };
}

function engineOf(row: FoundRow): NonNullable<ForeignRecord["engine"]> {
  const runtime = part(row, "runtime_info");
  const version = textOf(runtime["version"]);
  return { name: textOf(runtime["name"]) ?? "llamafile", ...(version === null ? {} : { version }) };
}

/** Whole repetitions, in ns. */
function totalTimes(fields: Fields): number[] {
  const samples: unknown = fields["samples_ns"];
  if (!Array.isArray(samples)) return [];
  return samples.flatMap((sample: unknown) => numberOf(sample) ?? []).filter((ns) => ns > 0);
}

/** @param repetitions 0 where the row doesn't tell how many there were */
function speedFields(fields: Fields, name: string, repetitions: number): Fields {
  const speed = numberOf(fields[name]);
  if (speed === null || speed <= 0)
    throw new RowRefused(`${name}: expected a speed, got ${JSON.stringify(fields[name] ?? "")}`);
  if (repetitions === 1) return { avg_ts: speed, samples_ts: [speed] };
  // Of one repetition it prints 0, and a CSV doesn't say how many there were.
  const spread = numberOf(fields[name.replace("_tps", "_tps_stddev")]);
  return { avg_ts: speed, stddev_ts: spread === 0 ? null : spread };
}

function totalFields(totals: readonly number[], tokens: number): Fields {
  const speeds = totals.map((ns) => (1e9 * tokens) / ns);
  return {
    avg_ns: mean(totals),
    samples_ns: totals,
    avg_ts: mean(speeds),
    samples_ts: speeds,
    stddev_ts: speeds.length > 1 ? sampleStandardDeviation(speeds) : null,
  };
}
