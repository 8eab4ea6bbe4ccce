// @ts-check
// The record that verify-device leaves: one JSON, one Markdown, both fit for docs/verified.md: no paths of the machine.
import { markdownTable } from "markdown-table";
import { rowOf } from "../../dist/index.js";
import { parityTable } from "../bench/parityReport.mjs";
import { percent, relativeError } from "./memory.mjs";

/**
 * @typedef {Omit<import("../../dist/index.js").JournalRow, "model_filename" | "llama_bench">} KeptCase
 *
 * @typedef {object} Verified
 * @property {string} date
 * @property {string} llmbench_version
 * @property {string} command
 * @property {import("../../dist/index.js").MachineInfo} machine
 * @property {Omit<import("../../dist/index.js").EngineInfo, "libraries">} engine
 * @property {(import("./steps.mjs").Check & { step: string })[]} checks
 * @property {import("../bench/parity.mjs").ParityResult[]} parity
 * @property {KeptCase[]} cases
 */

/**
 * @param {import("../bench/llmbench.mjs").CaseRecord} record
 * @returns {KeptCase}
 */
export function keptCase(record) {
  const { model_filename: _, llama_bench: __, ...kept } = rowOf(record);
  return kept;
}

const mib = 2 ** 20;

/** @param {number | null} bytes */
function shownMib(bytes) {
  return bytes === null ? "" : (bytes / mib).toFixed(1);
}

/** @param {KeptCase} row */
function settingsOf(row) {
  const words = [
    row.flash_attn === null ? "" : `fa ${row.flash_attn}`,
    row.type_k === "f16" || row.type_k === null ? "" : `kv ${row.type_k}`,
    row.no_kv_offload === 1 ? "kv on host" : "",
    row.load_mode ?? "",
    row.n_ubatch === 512 || row.n_ubatch === null ? "" : `ub ${row.n_ubatch}`,
    row.split_mode === "layer" || row.split_mode === null ? "" : `split ${row.split_mode}`,
    row.devices ?? "",
  ];
  return words.filter((word) => word !== "").join(", ");
}

/** @param {readonly KeptCase[]} cases */
function casesTable(cases) {
  const memory = ["device MiB", "predicted", "host MiB", "predicted"];
  return markdownTable([
    ["engine", "model", "layers", "settings", "test", "status", "value", ...memory],
    ...cases.map((row) => [
      row.engine ?? "",
      [row.model, row.quantization].filter(Boolean).join(" "),
      row.n_gpu_layers === null ? "" : `${row.n_gpu_layers}/${(row.n_layers ?? 0) + 1}`,
      settingsOf(row),
      row.test,
      row.reason ?? row.status,
      valueText(row),
      shownMib(row.device_bytes_measured),
      shownError(row.device_bytes_predicted, row.device_bytes_measured),
      shownMib(row.host_bytes_measured),
      shownError(row.host_bytes_predicted, row.host_bytes_measured),
    ]),
  ]);
}

/** @param {KeptCase} row */
function valueText({ avg_ts: speed, stddev_ts: sd, value, unit }) {
  if (speed !== null) return `${speed.toFixed(2)} ± ${sd?.toFixed(2) ?? "?"} t/s`;
  return value === null ? "" : `${value.toPrecision(4)} ${unit ?? ""}`;
}

/**
 * @param {number | null} predicted
 * @param {number | null} measured
 */
function shownError(predicted, measured) {
  const error = relativeError(predicted, measured);
  return error === null ? "" : percent(error);
}

/** @param {Verified} verified */
export function verifiedMarkdown(verified) {
  const { machine, engine, checks, parity, cases } = verified;
  const hardware = [machine.gpu_info, machine.cpu_info, machine.os, machine.driver];
  const parts = [
    `### ${machine.name}, ${engine.backend}, ${verified.date.slice(0, 10)}`,
    `${hardware.filter((part) => part !== null).join("; ")}. llmbench ${verified.llmbench_version}, llama.cpp ` +
      `${engine.engine_version} (${engine.build_commit ?? "unknown build"}). \`${verified.command}\``,
    markdownTable([
      ["step", "what", "outcome", "detail"],
      ...checks.map(({ step, what, outcome, detail }) => [step, what, outcome, detail]),
    ]),
    parity.length === 0 ? "" : parityTable(parity),
    cases.length === 0 ? "" : casesTable(cases),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
