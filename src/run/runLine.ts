/** The journal's first line. */
import { randomBytes } from "node:crypto";
import { llmbenchVersion } from "../base/version.ts";
import { plannedCase } from "../plan/plan.ts";
import type { RunLine } from "../results/journalLines.ts";
import { schemaVersion } from "../results/schemaVersion.ts";
import type { PreparedRun } from "./prepareRun.ts";
import { runTimestamp } from "./runNames.ts";

export function runLine(run: PreparedRun, time: Date): RunLine {
  const [own, ...beside] = run.parts;
  const others = new Map(
    beside.flatMap(({ engine, cases }) => cases.map(({ id }) => [id, engine.facts.engine])),
  );
  return {
    type: "run",
    schema_version: schemaVersion,
    run_id: `${runTimestamp(time)}-${randomBytes(4).toString("hex")}`,
    started_at: time.toISOString(),
    llmbench_version: llmbenchVersion(),
    machine: run.machine,
    engine: own.engine.facts,
    ...(beside.length === 0 ? {} : { beside: beside.map(({ engine }) => engine.facts) }),
    options: run.options,
    environment: engineEnvironment(process.env),
    plan: run.cases.map((one) => {
      const engine = others.get(one.id);
      return { ...plannedCase(one), ...(engine === undefined ? {} : { engine }) };
    }),
  };
}

/** Variables that change what an engine does. */
const enginePrefixes = [
  "GGML_",
  "CUDA_VISIBLE_DEVICES",
  "PYTORCH_",
  "TORCH",
  "MLX_",
  "OMP_NUM_THREADS",
];

function engineEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && enginePrefixes.some((prefix) => entry[0].startsWith(prefix)),
    ),
  );
}
