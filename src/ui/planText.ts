/** What a run would do, for `--dry-run`. */
import { count } from "../base/count.ts";
import { formatBytes } from "../base/bytes.ts";
import { formatDuration } from "../base/duration.ts";
import { isTried } from "../plan/caseMemory.ts";
import { deviceListText } from "../bench/deviceList.ts";
import { isOfMachine, testName } from "../bench/workload.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { lentTo } from "../plan/lentTo.ts";
import { requestedOf } from "../plan/requested.ts";
import { runDuration } from "../run/runDuration.ts";
import type { Duration } from "../predict/caseDuration.ts";
import { inColumns, type TextColumn } from "../base/columns.ts";
import { wrapped } from "../base/wrap.ts";
import { bytesToWrite } from "../run/bytesToWrite.ts";
import type { PreparedRun } from "../run/prepareRun.ts";
import { leaveOneOutWords, predictionJson } from "./predictionWords.ts";
import { tableWidth } from "./terminal.ts";

export function planText(run: PreparedRun): string {
  switch (run.order.output) {
    case "json":
      return JSON.stringify(planJson(run), null, 2);
    case "jsonl":
      return planJson(run)
        .map((one) => JSON.stringify(one))
        .join("\n");
    case "table":
    // Refused before a plan is made (usecases/order.ts).
    case "csv":
    case "md":
    case "sql":
      return planTable(run);
    default:
      return run.order.output satisfies never;
  }
}

/** Cases that have no result yet, each with whatever its engine shares. */
function duePlaces({ parts, due }: PreparedRun) {
  const left = new Set(due);
  return parts.flatMap((part) =>
    part.cases.flatMap((one) => (left.has(one) ? [{ part, one }] : [])),
  );
}

function planJson(run: PreparedRun) {
  return duePlaces(run).map(({ part: { engine, options, speed }, one }) => ({
    case_id: one.id,
    engine: engine.facts.engine,
    model: one.variant.model.id,
    quantization: one.variant.quantization,
    weights: one.variant.weights.content,
    weights_bytes: one.variant.weights.tensorBytes,
    test: testName(one.settings.workload),
    fit: one.training?.fit ?? one.memory?.fit.fit ?? null,
    why: one.training?.why ?? one.memory?.fit.why ?? null,
    tried: engine.facts.missing === undefined && isTried(one, options),
    n_gpu_layers:
      engine.traits.takes.includes("gpuLayers") && !isOfMachine(one.settings.workload)
        ? one.gpuLayers
        : null,
    predicted:
      one.speed === null
        ? null
        : predictionJson(one.speed, lentTo(one, engine.facts).length === 0 ? speed : null),
    launches: one.launches,
    settings: requestedOf(one.settings),
  }));
}

const columns: readonly TextColumn[] = [
  { heading: "", align: "right" },
  { heading: "model", names: true },
  { heading: "quantization", names: true },
  { heading: "size", align: "right" },
  { heading: "weights" },
  { heading: "test", names: true },
  { heading: "gpu layers" },
  { heading: "fit" },
];

/** The same, with the engine that measures. */
const withEngine = columns.toSpliced(1, 0, { heading: "engine", names: true });

function planTable(run: PreparedRun): string {
  const { due, options, parts } = run;
  const [{ speed }] = parts;
  const rows = duePlaces(run).map(({ part: { engine, options: own }, one }, index) => [
    String(index + 1),
    engine.facts.engine,
    one.variant.model.id,
    one.variant.quantization ?? "",
    sizeText(one),
    one.variant.weights.content ?? "",
    onDevice(one),
    engine.traits.takes.includes("gpuLayers") ? gpuLayers(one) : "",
    engine.facts.missing === undefined
      ? fitText(one, isTried(one, own))
      : `skipped, no ${engine.facts.engine}`,
  ]);
  const width = tableWidth();
  // Where all are one engine's, nobody need read its name in each row.
  const table =
    parts.length > 1
      ? inColumns(withEngine, rows, width)
      : inColumns(
          columns,
          rows.map((row) => row.toSpliced(1, 1)),
          width,
        );
  const { repetitions, sustainSeconds } = options;
  const measuring =
    sustainSeconds === null
      ? `repetitions: ${repetitions}`
      : `each repeated for ${formatDuration(sustainSeconds)}`;
  const duration = sustainSeconds === null ? runDuration(due, options) : null;
  const most = Math.max(0, ...due.map((one) => one.launches));
  const launches = options.launches === "auto" ? "auto" : most;
  const missing = parts.flatMap(({ engine: { facts } }) =>
    facts.missing === undefined ? [] : [`no ${facts.engine}: ${facts.missing}`],
  );
  const words = [
    ...missing,
    `${count(due.length, "case")}, ${measuring}, launches: ${launches}; ${formatBytes(bytesToWrite(run))} of synthetic weights to write`,
    ...(duration === null || duration.centre === 0 ? [] : [durationText(duration)]),
    ...(speed.decode === null ? [] : [`predicted speeds: ${leaveOneOutWords(speed)}`]),
  ];
  return [table, ...words.map((text) => wrapped(text, width))].join("\n");
}

/** The test; of several devices of the machine alone, on which. */
function onDevice({ settings: { workload, placement } }: BenchCase): string {
  const test = testName(workload);
  return isOfMachine(workload) && placement.devices !== "auto"
    ? `${test} on ${deviceListText(placement.devices)}`
    : test;
}

function durationText({ centre, low, high }: Duration): string {
  return `predicted to take ${formatDuration(centre)} (${formatDuration(low)} to ${formatDuration(high)})`;
}

function sizeText({ variant }: BenchCase): string {
  const { tensorBytes } = variant.weights;
  return tensorBytes === null ? "" : formatBytes(tensorBytes);
}

function fitText({ memory, training, settings }: BenchCase, tried: boolean): string {
  if (isOfMachine(settings.workload)) return "";
  const verdict = training ?? memory?.fit;
  if (verdict === undefined) return "unknown";
  const { fit, why } = verdict;
  const said = fit === "none" ? `does not fit: ${why}` : why;
  return tried ? said : `not tried, ${said}`;
}

function gpuLayers({ gpuLayers: asked, memory, settings }: BenchCase): string {
  if (isOfMachine(settings.workload)) return "";
  if (asked >= 0) return String(asked);
  return memory === null ? "all" : String(memory.fit.nGpuLayers);
}
