/** `fit`'s answer: a table for people, and its JSON. */
import { formatBytes } from "../../base/bytes.ts";
import { modelName } from "../../compare/modelNames.ts";
import type { FitBand } from "../../fit/judgeFit.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import { totalGpuBudget } from "../../machine/memoryBudget.ts";
import { inColumns, type TextColumn } from "../../base/columns.ts";
import { wrapped } from "../../base/wrap.ts";
import { clusterNotes } from "./clusterNotes.ts";
import type { FitCell } from "./fitCells.ts";
import type { Cluster } from "./fitMachine.ts";
import {
  basisWords,
  leaveOneOutWords,
  predictionJson,
  rangeWords,
  rowsBehind,
  speedWords,
} from "../../ui/predictionWords.ts";
import { originWords } from "../../reporters/originWords.ts";
import { measuredNotes } from "./measuredNotes.ts";

/** The contract of `fit --json`. */
export function fitJson(
  { model, machine, verdict, speed }: FitCell,
  { nCtx, nBatch, nUbatch, typeK, typeV }: FitSettings,
): object {
  const { prediction } = verdict;
  return {
    model: model.id,
    quantization: model.quantization,
    machine: machine.name,
    n_ctx: nCtx,
    n_batch: nBatch,
    n_ubatch: nUbatch,
    type_k: typeK,
    type_v: typeV,
    fit: verdict.fit,
    memory_basis: verdict.memoryBasis,
    n_layers: verdict.nLayers,
    n_gpu_layers: verdict.nGpuLayers,
    max_ctx: verdict.maxCtx,
    weights_bytes: prediction.weightsBytes,
    kv_bytes: prediction.kvBytes,
    state_bytes: prediction.stateBytes,
    compute_bytes: prediction.computeBytes,
    device_bytes: prediction.deviceBytes,
    host_bytes: prediction.hostBytes,
    gpu_budget_bytes: totalGpuBudget(machine.budget),
    host_budget_bytes: machine.budget.hostBytes,
    tight: verdict.tight,
    predicted: speed === null ? null : predictionJson(speed, machine.speed),
    ...(machine.cluster === undefined ? {} : { link: linkJson(machine.cluster) }),
    placement_fits: verdict.placementFits,
    ...(verdict.band === null ? {} : { fit_band: bandJson(verdict.band) }),
    ...(machine.ram === null
      ? {}
      : { ram_gbps: machine.ram.gbps, ram_gbps_from: machine.ram.source }),
  };
}

/** Of machines that are there the slowest way, and the farthest; null where none could be measured. */
function linkJson({ described, machines }: Cluster): object | null {
  const links = machines.flatMap(({ link }) => link ?? []);
  if (links.length === 0) return null;
  const rates = links.flatMap((link) => [link.up.bytesPerSecond, link.down.bytesPerSecond]);
  return {
    name: described?.link.name ?? "measured",
    gbps: Math.min(...rates) / 1e9,
    round_trip_ms: Math.max(...links.map(({ roundTripSeconds }) => roundTripSeconds)) * 1000,
  };
}

function bandJson({ best, worst, leastBytes, mostBytes }: FitBand): object {
  return { best, worst, least_bytes: leastBytes, most_bytes: mostBytes };
}

const columns: readonly TextColumn[] = [
  { heading: "model" },
  { heading: "quantization", names: true },
  { heading: "machine", names: true },
  { heading: "fit" },
  { heading: "needed", align: "right" },
  { heading: "budget", align: "right" },
  { heading: "on" },
  { heading: "max context", align: "right" },
  { heading: "predicted tg128", align: "right" },
  { heading: "predicted pp512", align: "right" },
  { heading: "predicted from" },
];

/** @param width of a line, in characters */
export function fitTable(
  cells: readonly FitCell[],
  settings: FitSettings,
  width = Infinity,
): string {
  // What is held by formulas needs no word.
  const withBasis = cells.some(({ verdict }) => verdict.memoryBasis !== "formula");
  const table = inColumns(
    [...columns, ...(withBasis ? [{ heading: "memory" }] : [])],
    cells.map(({ model, machine, verdict, speed }) => [
      model.id,
      model.quantization ?? "?",
      machine.name,
      fitWords(verdict),
      neededWords(verdict),
      formatBytes(verdict.budgetBytes),
      verdict.place,
      verdict.maxCtx === null ? "-" : String(verdict.maxCtx),
      rangeWords(speed),
      rangeWords(speed?.prefill ?? null),
      basisOf(speed, machine.speed),
      ...(withBasis ? [verdict.memoryBasis] : []),
    ]),
    width,
  );
  const told = notes(cells, settings).map((note) => noteText(note, width));
  return [table, ...(told.length === 0 ? [] : ["", ...told])].join("\n");
}

export function fitWords(verdict: FitCell["verdict"]): string {
  const { fit, band, nGpuLayers, nLayers, tight, prediction } = verdict;
  if (fit === "unknown") return `unknown (${band.worst} to ${band.best})`;
  const layers = `${nGpuLayers}/${nLayers + 1} layers`;
  if (askedTooMuch(verdict)) return `${fit} (${layers} don't fit)`;
  const { namedBytes } = prediction.host;
  const less = namedBytes === 0 ? "" : `, ${formatBytes(namedBytes)} of them on the host`;
  return `${fit}${fit === "partial" ? ` (${layers}${less})` : ""}${tight ? ", tight" : ""}`;
}

function neededWords({ neededBytes, band }: FitCell["verdict"]): string {
  if (band === null || band.leastBytes === band.mostBytes) return formatBytes(neededBytes);
  return `${formatBytes(band.leastBytes)} to ${formatBytes(band.mostBytes)}`;
}

/** The layers that were asked for don't fit, and others would. */
function askedTooMuch({ fit, placementFits }: FitCell["verdict"]): boolean {
  return fit !== "none" && !placementFits;
}

/** What a row of numbers can't say. */
function notes(cells: readonly FitCell[], settings: FitSettings): string[] {
  const { splitMode } = settings;
  const found = cells.flatMap(({ model, machine, verdict }) => {
    const { raisedLimit, unmappedGpuLayers, fitsWithoutDevices, nGpuLayers, hostAttention } =
      verdict;
    const subject = modelName(model);
    return [
      raisedLimit === null
        ? ""
        : `${machine.name} holds ${subject} at a raised limit: ${raisedLimit.command} leaves ${formatBytes(raisedLimit.leavesBytes)} for macOS`,
      unmappedGpuLayers === null
        ? ""
        : `${machine.name} takes ${unmappedGpuLayers} layers of ${subject} with --load-mode none`,
      askedTooMuch(verdict)
        ? `${machine.name} does not hold ${subject} with the ${nGpuLayers} layers that were asked for, so that no speed is predicted; --gpu-layers auto takes what fits`
        : "",
      fitsWithoutDevices
        ? `${machine.name} holds ${subject} without its GPU, whose budget is too small for any placement: --device cpu`
        : "",
      hostAttention === null ? "" : `${machine.name}, ${subject}: ${hostAttention}`,
      verdict.fit === "unknown" ? `${machine.name}, ${subject}: ${verdict.why}` : "",
      verdict.memoryBasis === "estimate"
        ? `${subject}: weights, KV cache and state are exact; its compute buffers are estimated, since llmbench doesn't lay out graphs of its architecture`
        : "",
    ];
  });
  const unknownSpeed =
    splitMode === "tensor"
      ? "no speed is predicted of --split-mode tensor: nothing published tells what it gains"
      : "";
  const joined = clusterNotes(cells, settings);
  const all = [
    ...found,
    ...joined,
    unknownSpeed,
    ...cells.map(ramNote),
    ...measuredNotes(cells),
    ...originNotes(cells),
  ];
  return [...new Set(all)].filter((note) => note !== "");
}

/** Where a line is broken a mark says which one begins a note. */
function noteText(note: string, width: number): string {
  return Number.isFinite(width) ? wrapped(`- ${note}`, width) : note;
}

/** Several machines' rows are nobody's own: what they stand on in its least sure part. */
function basisOf(speed: FitCell["speed"], models: FitCell["machine"]["speed"]): string {
  if (speed === null) return "";
  return models === null ? speed.basis : basisWords(speed.basis, models);
}

/** What a prediction with layers on the CPU turns on. */
function ramNote({ machine: { name, ram }, speed, verdict }: FitCell): string {
  if (ram === null || speed === null || verdict.fit !== "partial") return "";
  const otherwise = ram.source === "given" ? "" : "; --ram-gbps N says otherwise";
  return `${name}: what lies on its CPU is predicted at ${speedWords(ram.gbps)} GB/s of RAM (${ram.words})${otherwise}`;
}

/** What the machines' predictions are made from, and how good they are on those rows. */
function originNotes(cells: readonly FitCell[]): string[] {
  const predicted = new Set(cells.flatMap(({ machine, speed }) => (speed === null ? [] : machine)));
  return [...predicted].flatMap(({ name, speed }) => {
    if (speed === null) return [];
    const rows = rowsBehind("published", speed);
    const from = `predicted from ${basisWords("published", speed)} (${originWords(rows)})`;
    const sure = `${name}: ${leaveOneOutWords(speed)}`;
    return rows.length === 0 ? [sure] : [`${name}: ${from}`, sure];
  });
}
