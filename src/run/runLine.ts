/** The journal's first line, and the names that a new run goes by. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { llmbenchVersion } from "../base/version.ts";
import { plannedCase } from "../plan/plan.ts";
import type { RunLine } from "../results/journalLines.ts";
import { schemaVersion } from "../results/schemaVersion.ts";
import type { PreparedRun } from "./prepareRun.ts";

/** `20261123T142530Z`: sorts by time and has no colon, which Windows forbids in file names. */
function timestamp(time: Date): string {
  return time
    .toISOString()
    .replace(/\.\d+Z$/u, "Z")
    .replaceAll(/[-:]/gu, "");
}

/** `reports/20261123T142530Z-rtx-4090-24gb`, below the working directory. */
export function defaultDirectory(machine: string, time: Date): string {
  return join("reports", `${timestamp(time)}-${machine}`);
}

export function runLine(run: PreparedRun, time: Date): RunLine {
  return {
    type: "run",
    schema_version: schemaVersion,
    run_id: `${timestamp(time)}-${randomBytes(4).toString("hex")}`,
    started_at: time.toISOString(),
    llmbench_version: llmbenchVersion(),
    machine: run.machine,
    engine: run.engine.info,
    options: run.options,
    environment: engineEnvironment(process.env),
    plan: run.cases.map(plannedCase),
  };
}

/** Variables that change what llama.cpp does. */
function engineEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined &&
        (entry[0].startsWith("GGML_") || entry[0] === "CUDA_VISIBLE_DEVICES"),
    ),
  );
}
