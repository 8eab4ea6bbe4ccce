/**
 * llama-sweep-bench's table and its JSON lines (examples/sweep-bench/sweep-bench.cpp of ik_llama.cpp): one sequence, whose
 * next PP tokens are read, and TG generated, behind the N_KV that are in the cache already.
 */
import { modelFields } from "./namelessModel.ts";
import { onceTimed, sequencesOf, settingFields } from "./sequences.ts";
import type { ForeignRecord, Tool } from "./tool.ts";
import { withSurroundings } from "./withSurroundings.ts";

/** The program is part of that project, which measures otherwise fast than llama.cpp does. */
const engine = { name: "ik_llama.cpp" };

export const sweepBench: Tool = {
  owns: (columns) =>
    columns.has("pp") &&
    columns.has("tg") &&
    columns.has("n_kv") &&
    !columns.has("b") &&
    !columns.has("pl") &&
    (columns.has("s_pp t/s") || columns.has("speed_pp")),
  piped: [],
  isRow: (fields) => !Number.isNaN(Number(fields["pp"])) && !Number.isNaN(Number(fields["n_kv"])),
  read(row, around) {
    const told = sequencesOf(row.fields);
    const depth = told.number("n_kv");
    const model = withSurroundings(modelFields(around), around);
    const pieces = [
      [{ prompt: told.number("pp"), generated: 0, depth }, "speed_pp"],
      [{ prompt: 0, generated: told.number("tg"), depth }, "speed_tg"],
    ] as const;
    return pieces.flatMap(([lengths, speed]): ForeignRecord[] => {
      const setting = { ...model, ...settingFields(row.fields, around, lengths.generated === 0) };
      const timed = onceTimed(lengths, () => told.number(speed), setting);
      return timed === null ? [] : [{ ...timed, engine }];
    });
  },
};
