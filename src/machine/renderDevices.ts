/** `llmbench devices` as text. */
import { lenderName } from "../bench/lentDevices.ts";
import { formatBytes } from "../base/bytes.ts";
import { inColumns, type TextColumn } from "../base/columns.ts";
import { wrapped } from "../base/wrap.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { DevicesReport } from "./devicesReport.ts";
import type { Noise } from "./noise.ts";

/**
 * For people: facts by name, a table of devices, what is missing and the way out.
 *
 * @param width of a line, in characters
 */
export function renderDevices(report: DevicesReport, width = Infinity): string {
  const prose = [
    problemLines(report).join("\n"),
    report.notes.map((note) => `note: ${note}`).join("\n"),
  ];
  const sections = [
    factsText(factLines(report), width),
    deviceTable(report, width),
    ...prose.map((text) => wrapped(text, width)),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function factLines({
  machine,
  engine,
  memory_kind,
  host_budget_bytes,
  noise,
}: DevicesReport): string[][] {
  const { cores } = machine;
  const kinds =
    cores.performance === null
      ? ""
      : `, ${cores.performance} performance and ${cores.efficiency} efficiency`;
  const limit =
    machine.ram_limit_bytes === null ? "" : `, limited to ${formatBytes(machine.ram_limit_bytes)}`;
  const wired = machine.metal_wired_limit_bytes ?? null;
  return [
    ["machine", machine.name, machine.machine_model ?? ""],
    ["os", machine.os],
    [
      "cpu",
      machine.cpu_info,
      `${cores.physical} cores${kinds}, ${cores.logical} threads; ${machine.default_threads} used by default`,
    ],
    [
      "ram",
      `${formatBytes(machine.ram_bytes)}${limit}`,
      `${formatBytes(machine.ram_available_bytes)} free to use`,
    ],
    [
      "for models",
      `${formatBytes(host_budget_bytes)} of RAM`,
      memory_kind === "unified" ? "shared with the GPU" : "",
    ],
    [
      "gpu",
      machine.gpu_info ?? "none",
      machine.gpu_cores === null ? "" : `${machine.gpu_cores} cores`,
    ],
    ["driver", machine.driver ?? ""],
    ["metal limit", wired === null ? "" : `${formatBytes(wired)}, set by iogpu.wired_limit_mb`],
    [
      "power",
      [machine.power_source, machine.power_mode ?? ""].filter((part) => part !== "").join(", "),
    ],
    [engine?.engine ?? "llama.cpp", engine === null ? "none loads" : build(engine)],
    ["backend", engine?.backend ?? ""],
    ["noise", noise === null ? "" : noiseText(noise)],
  ]
    .filter(([, value]) => value !== "")
    .map(([key = "", ...values]) => [key, values.filter((value) => value !== "").join("; ")]);
}

function build({ engine_version, build_commit, build_number, package: from }: EngineInfo): string {
  const exact = [build_number === null ? "" : `build ${build_number}`, build_commit ?? ""]
    .filter((part) => part !== "")
    .join(", ");
  return [engine_version, exact === "" ? null : `(${exact})`, from === null ? null : `of ${from}`]
    .filter((part) => part !== null)
    .join(" ");
}

/** How much launches differ, and how that is known. */
function noiseText(noise: Noise): string {
  const { prompt_sd: prompt, generation_sd: generation, launches, measured_on: on } = noise;
  const day = noise.measured_at.slice(0, 10);
  return `launches differ by ${percent(prompt)} in prompts, ${percent(generation)} in generation (sd of ${launches}, ${on}, ${day})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

/** A device that doesn't tell has 0. */
function size(bytes: number | null): string {
  return bytes === null || bytes === 0 ? "-" : formatBytes(bytes);
}

const deviceColumns: readonly TextColumn[] = [
  "DEVICE",
  "NAME",
  "TYPE",
  "TOTAL",
  "FREE",
  "BUDGET",
].map((heading) => ({ heading }));

function deviceTable({ devices }: DevicesReport, width: number): string {
  if (devices.length === 0) return "";
  const rows = devices.map((device) => [
    device.name,
    device.server === undefined
      ? device.description
      : `${device.description} of ${lenderName(device.server)}`,
    device.type,
    size(device.total_bytes),
    size(device.free_bytes),
    size(device.budget_bytes),
  ]);
  return inColumns(deviceColumns, rows, width);
}

function problemLines({ problems }: DevicesReport): string[] {
  return problems.flatMap(({ backend, message, way_out }) => [
    `${backend} is not available: ${message}`,
    ...(way_out === null ? [] : [`  way out: ${way_out}`]),
  ]);
}

/** Each fact behind its name; a long one goes on under its first word. */
function factsText(facts: readonly (readonly string[])[], width: number): string {
  const names = Math.max(...facts.map(([name]) => name?.length ?? 0)) + 2;
  return facts
    .map(([name = "", fact = ""]) => {
      const lines = wrapped(fact, Math.max(1, width - names));
      return name.padEnd(names) + lines.replaceAll("\n", `\n${" ".repeat(names)}`);
    })
    .join("\n");
}
