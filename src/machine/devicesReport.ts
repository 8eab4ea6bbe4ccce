/** What `llmbench devices` says: this machine, what llama.cpp can use of it, and what stands in the way. */
import { formatBytes } from "../base/bytes.ts";
import { deviceNotes, wayOut } from "./deviceAdvice.ts";
import type { BackendProblem } from "./gpuLibraries.ts";
import type { Graphics } from "./graphics.ts";
import type { MachineInfo } from "./machineInfo.ts";
import { probedBudget } from "./memoryBudget.ts";
import type { OffloadDevice } from "./offloadDevice.ts";

/** As far as this report needs the engine's own description (llamacpp/engineInfo.ts). */
export interface EngineFacts {
  readonly engine_version: string;
  readonly build_commit: string | null;
  readonly build_number: number | null;
  readonly package: string;
  readonly backend: BackendProblem["backend"];
  readonly devices: readonly OffloadDevice[];
  readonly libraries: readonly string[];
}

export interface DevicesFacts {
  readonly machine: MachineInfo;
  /** Null where no build of llama.cpp loads. */
  readonly engine: EngineFacts | null;
  readonly graphics: Graphics;
  /** Of the engine's probe and of `gpuLibraryProblems`. */
  readonly problems: readonly BackendProblem[];
  readonly gpuBudgetBytes?: number | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The JSON of `devices --json`. */
export interface DevicesReport {
  readonly machine: MachineInfo;
  readonly engine: EngineFacts | null;
  readonly devices: readonly (OffloadDevice & { readonly budget_bytes: number | null })[];
  readonly memory_kind: "discrete" | "unified" | "host";
  /** RAM that a model may fill; on unified memory the devices' share is in it. */
  readonly host_budget_bytes: number;
  readonly problems: readonly (BackendProblem & { readonly way_out: string | null })[];
  readonly notes: readonly string[];
}

export function describeDevices(facts: DevicesFacts): DevicesReport {
  const { machine, engine, graphics, problems } = facts;
  const advice = {
    platform: facts.platform ?? process.platform,
    backend: engine?.backend ?? null,
    devices: engine?.devices ?? [],
    graphics,
    environment: facts.environment ?? process.env,
  };
  const budget = probedBudget(
    machine,
    { backend: engine?.backend ?? "cpu", devices: advice.devices },
    facts.gpuBudgetBytes,
  );
  const budgetOf = new Map(budget.devices.map(({ name, budgetBytes }) => [name, budgetBytes]));
  return {
    machine,
    engine,
    devices: advice.devices.map((device) => ({
      ...device,
      budget_bytes: budgetOf.get(device.name) ?? null,
    })),
    memory_kind: budget.kind,
    host_budget_bytes: budget.hostBytes,
    problems: problems.map((problem) => ({
      backend: problem.backend,
      message: problem.message,
      way_out: wayOut(problem, advice),
    })),
    notes: deviceNotes(advice),
  };
}

/** For people: facts by name, a table of devices, what is missing and the way out. */
export function renderDevices(report: DevicesReport): string {
  const sections = [
    columns(factLines(report)),
    columns(deviceTable(report)),
    problemLines(report).join("\n"),
    report.notes.map((note) => `note: ${note}`).join("\n"),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function factLines({ machine, engine, memory_kind, host_budget_bytes }: DevicesReport): string[][] {
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
    ["llama.cpp", engine === null ? "none loads" : build(engine)],
    ["backend", engine?.backend ?? ""],
  ]
    .filter(([, value]) => value !== "")
    .map(([key = "", ...values]) => [key, values.filter((value) => value !== "").join("; ")]);
}

function build({ engine_version, build_commit, build_number, package: from }: EngineFacts): string {
  const exact = [build_number === null ? "" : `build ${build_number}`, build_commit ?? ""]
    .filter((part) => part !== "")
    .join(", ");
  return `${engine_version}${exact === "" ? "" : ` (${exact})`} of ${from}`;
}

/** A device that doesn't tell has 0. */
function size(bytes: number | null): string {
  return bytes === null || bytes === 0 ? "-" : formatBytes(bytes);
}

function deviceTable({ devices }: DevicesReport): string[][] {
  if (devices.length === 0) return [];
  return [
    ["DEVICE", "NAME", "TYPE", "TOTAL", "FREE", "BUDGET"],
    ...devices.map((device) => [
      device.name,
      device.description,
      device.type,
      size(device.total_bytes),
      size(device.free_bytes),
      size(device.budget_bytes),
    ]),
  ];
}

function problemLines({ problems }: DevicesReport): string[] {
  return problems.flatMap(({ backend, message, way_out }) => [
    `${backend} is not available: ${message}`,
    ...(way_out === null ? [] : [`  way out: ${way_out}`]),
  ]);
}

/** Cells of a column under each other, two blanks between columns. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
