/**
 * llama-batched-bench's table and its JSON lines (tools/batched-bench/batched-bench.cpp, llama.cpp v0.4.0): B sequences in
 * one context, of PP prompt tokens and TG generated ones each. Its speeds are those of all sequences together.
 */
import {
  generatedTokens,
  promptTokens,
  testName,
  type TokenCounts,
  type UnknownWorkload,
  type Workload,
} from "../../../bench/workload.ts";
import type { Around } from "../runs.ts";
import { modelFields } from "./namelessModel.ts";
import { onceTimed, sequencesOf, settingFields, type Sequences } from "./sequences.ts";
import { textOf, type ForeignRecord, type Tool } from "./tool.ts";
import { withSurroundings } from "./withSurroundings.ts";

const name = "llama-batched-bench";

export const batchedBench: Tool = {
  owns: (columns) =>
    columns.has("pp") &&
    columns.has("tg") &&
    (columns.has("b") || columns.has("pl")) &&
    (columns.has("s_pp t/s") || columns.has("speed_pp")),
  piped: [],
  isRow: (fields) => Object.values(fields).every((cell) => !Number.isNaN(Number(cell))),
  read(row, around) {
    const told = sequencesOf(row.fields);
    const [prompt, generated, parallel] = [told.number("pp"), told.number("tg"), told.number("pl")];
    const isShared = parallel > 1 && sharesPrompt(told, parallel, around);
    const isSeparate = parallel > 1 && textOf(around.settings["is_tg_separate"]) === "1";
    const model = withSurroundings(modelFields(around), around);
    const records: ForeignRecord[] = [];
    const add = (lengths: TokenCounts, metric: string, otherwise: string | null): void => {
      const isPrompt = lengths.generated === 0;
      const setting = { ...model, ...settingFields(row.fields, around, isPrompt) };
      const timed = onceTimed(lengths, () => told.number(metric), setting);
      if (timed === null) return;
      const workload =
        otherwise === null ? timed.workload : called(timed.workload, metric, otherwise);
      records.push({ ...timed, workload });
    };
    // One prompt that all share is computed once, as a prompt by itself is.
    const prompts = isShared ? 1 : parallel;
    add({ prompt, generated: 0, depth: 0, parallel: prompts }, "speed_pp", null);
    const otherTg = isSeparate
      ? "one sequence after the other"
      : isShared
        ? "with a shared prompt"
        : null;
    add({ prompt: 0, generated, depth: prompt, parallel }, "speed_tg", otherTg);
    if (prompt > 0 && generated > 0)
      add({ prompt, generated, depth: 0, parallel }, "speed", otherTg);
    return records;
  },
};

/** `is_pp_shared` where the row tells it; else by what its speed counts: one prompt or as many as there are sequences. */
function sharesPrompt(told: Sequences, parallel: number, { settings }: Around): boolean {
  const flag = textOf(told.fields["is_pp_shared"] ?? settings["is_pp_shared"]);
  if (flag !== null) return flag === "1" || flag === "true";
  const prompt = told.number("pp");
  const counted = told.number("t_pp") * told.number("speed_pp");
  return Math.abs(counted - prompt) < Math.abs(counted - prompt * parallel);
}

/** A workload of which llmbench has none like it: known by its name alone, and set against nothing. */
function called(workload: Workload, metric: string, otherwise: string): UnknownWorkload {
  return {
    kind: "unknown",
    name: `${name} ${testName(workload)} ${otherwise}`,
    prompt: promptTokens(workload),
    generated: generatedTokens(workload),
    depth: workload.depth,
    parallel: workload.parallel,
    metric,
    unit: "t/s",
  };
}
