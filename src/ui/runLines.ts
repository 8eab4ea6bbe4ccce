/** What a run says around its measurement: on what it measures, how long it takes, and where the results are. */
import { join } from "node:path";
import { toType } from "../base/invocation.ts";
import { formatBytes } from "../base/bytes.ts";
import { formatDuration } from "../base/duration.ts";
import { resultFiles } from "../results/resultFiles.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { PreparedRun } from "../run/prepareRun.ts";

export function machineLine({ machine, parts }: PreparedRun): string {
  const { name, cpu_info: cpu, gpu_info: gpu, ram_bytes: ram } = machine;
  const hardware = [gpu, cpu].filter((part) => part !== null && part !== "").join(", ");
  const engines = parts.map(({ engine }) => engineText(engine.facts)).join(", ");
  return `${name}: ${hardware}, ${formatBytes(ram)} RAM; ${engines}`;
}

function engineText({ engine, engine_version: version, backend, missing }: EngineInfo): string {
  if (missing !== undefined) return `no ${engine}`;
  const build = [engine, version].filter((part) => part !== null).join(" ");
  return backend === null ? build : `${build} on ${backend}`;
}

/** How long it takes, where that is known beforehand. */
export function sustainLines({ options, due }: PreparedRun): string[] {
  const { sustainSeconds } = options;
  if (sustainSeconds === null) return [];
  const each = formatDuration(sustainSeconds);
  if (due.length < 2) return [`the case is repeated for ${each}`];
  return [
    `each of ${due.length} cases is repeated for ${each}; all but the first begin on a warm machine, unless --delay lets it cool`,
  ];
}

export function resultsLine(directory: string): string {
  const { csv, markdown, html, journal } = resultFiles;
  return `CSV: ${join(directory, csv)} (beside it ${markdown}, ${html}, ${journal})`;
}

export function keptLine(run: PreparedRun, done: number): string {
  const { directory, cases } = run;
  return `interrupted: ${done} of ${cases.length} results are kept in ${directory}; ${goOnHint(directory)}`;
}

export function goOnHint(directory: string): string {
  return `go on with ${toType(`--resume ${directory}`)}`;
}
