/**
 * mlx_lm.benchmark: real generation, which samples each token, reads a prompt first and times it up to its first token. That
 * isn't what llama-bench's tests compute, so its speeds keep its names and are set against nothing.
 */
import type { UnknownWorkload } from "../../../bench/workload.ts";
import { RowRefused, type Fields } from "../found.ts";
import { modelFields } from "./namelessModel.ts";
import { numberOf, type ForeignRecord, type Tool } from "./tool.ts";
import { withSurroundings } from "./withSurroundings.ts";

const metrics = ["prompt_tps", "generation_tps"] as const;

export const mlxBenchmark: Tool = {
  owns: () => false,
  piped: [],
  isRow: () => true,
  read({ fields }, around) {
    const model = withSurroundings(modelFields(around), around);
    return metrics.map((metric): ForeignRecord => {
      const workload = workloadOf(fields, metric);
      const { prompt: n_prompt, generated: n_gen } = workload;
      return {
        workload,
        engine: { name: "mlx-lm" },
        fields: { ...model, n_prompt, n_gen, ...speedsOf(fields, metric) },
      };
    });
  },
};

function workloadOf(fields: Fields, metric: string): UnknownWorkload {
  const [prompt, generated, parallel] = ["prompt_tokens", "generation_tokens", "batch_size"].map(
    (name) => numberOf(fields[name]),
  );
  if (!prompt || !generated)
    throw new RowRefused(
      'its lengths are told by the line "Timing with prompt_tokens=…", which is missing',
    );
  const batch = parallel ?? 1;
  const name = `mlx_lm.benchmark ${metric} pp${prompt}+tg${generated}${batch > 1 ? ` x${batch}` : ""}`;
  return {
    kind: "unknown",
    name,
    prompt,
    generated,
    depth: 0,
    parallel: batch,
    metric,
    unit: "t/s",
  };
}

function speedsOf({ trials, averages }: Fields, metric: string): Fields {
  const told: readonly unknown[] = Array.isArray(trials) ? trials : [];
  const samples = told.flatMap((trial) => numberOf(valueIn(trial, metric)) ?? []);
  const mean = numberOf(valueIn(averages, metric));
  if (samples.length === 0) return { avg_ts: mean };
  const sum = samples.reduce((total, sample) => total + sample, 0);
  return { avg_ts: mean ?? sum / samples.length, samples_ts: samples };
}

function valueIn(values: unknown, name: string): unknown {
  if (typeof values !== "object" || values === null) return null;
  return (values as Readonly<Record<string, unknown>>)[name];
}
