/**
 * Which devices, build and model the lines around a row tell of it. A text may hold several runs of one program, on several
 * machines; standard output and standard error may be pasted apart, so that a build's line stands above its table, or below.
 */
import { deviceBackendOf, type DeviceBackend, type NamedDevice } from "./deviceLines.ts";
import type { FoundRow } from "./found.ts";
import type { Build, ModelFact, Surrounding } from "./surroundings.ts";

export interface Around {
  /** The text's file, as the user named it. */
  readonly source: string;
  readonly build: Build | null;
  /** Backends whose devices are listed, as llama-bench names them; null where none is. */
  readonly backends: string | null;
  /** Of the row's backends, as llama-bench would list them; null where no line names one. */
  gpuInfo(backends: string | null): string | null;
  /** Words of the command line that started the program. */
  readonly command: readonly string[];
  readonly model: Readonly<Partial<Record<ModelFact, string>>>;
  readonly settings: Readonly<Record<string, string>>;
  /** Rows of one run of the program have the same, from 0; null where the text doesn't tell. */
  readonly invocation: number | null;
}

/** Rows that were printed as one piece. */
interface Output {
  readonly rows: FoundRow[];
  readonly first: number;
  last: number;
}

/** Outputs, and the lines that may speak of them. */
interface Session {
  readonly outputs: Output[];
  readonly lines: Surrounding[];
}

type Item = { readonly line: number } & (
  | { readonly output: Output }
  | { readonly surrounding: Surrounding }
);

/** What stands around each row. */
export function aroundRows(
  rows: readonly FoundRow[],
  surroundings: readonly Surrounding[],
  source: string,
): ReadonlyMap<FoundRow, Around> {
  const outputs = outputsOf(rows, surroundings);
  const sessions = joined(sessionsOf(outputs, surroundings));
  const found = new Map<FoundRow, Around>();
  const tellsRuns = surroundings.some(({ kind }) => kind === "command" || kind === "list");
  let invocation = 0;
  for (const session of sessions) {
    for (const output of session.outputs) {
      const isKnown = tellsRuns || output.rows.some((row) => row.output !== null);
      const around = { source, ...aroundOf(output, session, isKnown ? invocation : null) };
      for (const row of output.rows) found.set(row, around);
      invocation += 1;
    }
  }
  return found;
}

/** Rows without a frame of their own are one output as long as no line between them begins another. */
function outputsOf(rows: readonly FoundRow[], surroundings: readonly Surrounding[]): Output[] {
  const beginnings = surroundings
    .filter(({ kind }) => kind === "command" || kind === "list")
    .map(({ line }) => line);
  const byKey = new Map<string, Output>();
  for (const row of rows) {
    const key =
      row.output === null ? `behind ${lastBelow(beginnings, row.line)}` : `output ${row.output}`;
    const output = byKey.get(key);
    if (output === undefined) byKey.set(key, { rows: [row], first: row.line, last: row.line });
    else {
      output.rows.push(row);
      output.last = Math.max(output.last, row.line);
    }
  }
  return [...byKey.values()];
}

/** Index of the last of ascending numbers that is less than `bound`; -1 where none is. */
function lastBelow(ascending: readonly number[], bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? bound) < bound) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function sessionsOf(outputs: readonly Output[], surroundings: readonly Surrounding[]): Session[] {
  const items: Item[] = [
    ...outputs.map((output) => ({ line: output.first, output })),
    ...surroundings.map((surrounding) => ({ line: surrounding.line, surrounding })),
  ].toSorted((a, b) => a.line - b.line);
  let session: Session = { outputs: [], lines: [] };
  const sessions = [session];
  for (const item of items) {
    if ("output" in item) {
      session.outputs.push(item.output);
      continue;
    }
    if (begins(item.surrounding) && isOver(session, item.line)) {
      session = { outputs: [], lines: [] };
      sessions.push(session);
    }
    session.lines.push(item.surrounding);
  }
  return sessions;
}

function begins(surrounding: Surrounding): boolean {
  const { kind } = surrounding;
  return kind === "command" || isDevice(surrounding);
}

/** Whether all that it printed stands above the line. */
function isOver({ outputs }: Session, line: number): boolean {
  return outputs.length > 0 && outputs.every(({ last }) => last < line);
}

function isDevice({ kind }: Surrounding): boolean {
  return kind === "device" || kind === "list";
}

/**
 * Where each log stands below its table, lines of devices belong to the output above them. A log behind the last output has
 * none of its own, and speaks of what stands above.
 */
function joined(sessions: readonly Session[]): Session[] {
  const last = sessions.at(-1);
  if (last === undefined || last.outputs.length > 0 || sessions.length < 2) return [...sessions];
  const isLogBelow =
    sessions[0]?.lines.some(isDevice) === false &&
    sessions.slice(1).every(({ lines }) => lines.some(isDevice));
  if (!isLogBelow) return sessions.slice(0, -1);
  return sessions.slice(0, -1).map(({ outputs, lines }, at) => ({
    outputs,
    lines: [
      ...lines.filter((line) => !isDevice(line)),
      ...(sessions[at + 1]?.lines.filter(isDevice) ?? []),
    ],
  }));
}

function aroundOf(
  output: Output,
  session: Session,
  invocation: number | null,
): Omit<Around, "source"> {
  const { lines } = session;
  const builds = lines.filter((line) => line.kind === "build");
  const groups: Groups = hasDevices(output, session, builds) ? devicesOf(lines) : new Map();
  // Of a program that was started several times before it printed something, the last start counts.
  const before = lines.filter(({ line }) => line <= output.last);
  return {
    build: buildOf(output, session, builds),
    backends:
      [...groups.keys()].flatMap((backend) => printedBackends[backend] ?? []).join(",") || null,
    gpuInfo: (backends) => namesOf(groups, backends),
    command: before.findLast((line) => line.kind === "command")?.words ?? [],
    model: Object.fromEntries(
      before.flatMap((line) => (line.kind === "model" ? [[line.fact, line.text]] : [])),
    ),
    settings: before.findLast((line) => line.kind === "settings")?.settings ?? {},
    invocation,
  };
}

type BuildLine = Extract<Surrounding, { kind: "build" }>;

/** A build's line ends a run, or stands above it; behind one another run begins, whose devices nobody has named. */
function hasDevices(output: Output, { outputs }: Session, builds: readonly BuildLine[]): boolean {
  const first = Math.min(...outputs.map((one) => one.first));
  return !builds.some(({ line }) => line > first && line < output.first);
}

/** The next one below; where they stand above, the nearest above. */
function buildOf(output: Output, { outputs }: Session, builds: readonly BuildLine[]): Build | null {
  const firstOutput = Math.min(...outputs.map(({ first }) => first));
  const lastOutput = Math.max(...outputs.map(({ last }) => last));
  const areAbove =
    builds.some(({ line }) => line < firstOutput) && !builds.some(({ line }) => line > lastOutput);
  const found = areAbove
    ? builds.findLast(({ line }) => line < output.first)
    : builds.find(({ line }) => line > output.first);
  return found?.build ?? null;
}

type Groups = ReadonlyMap<DeviceBackend, readonly NamedDevice[]>;

/** By backend; a backend that lists its devices again has those alone. */
function devicesOf(lines: readonly Surrounding[]): Groups {
  const groups = new Map<DeviceBackend, Map<string, NamedDevice>>();
  let listed: DeviceBackend = "other";
  for (const line of lines) {
    if (line.kind === "list") {
      listed = line.backend;
      groups.set(listed, new Map());
    } else if (line.kind === "device") {
      const backend = line.device.backend ?? listed;
      const group = groups.get(backend) ?? new Map<string, NamedDevice>();
      groups.set(backend, group);
      if (!group.has(`${line.device.rank} ${line.device.key}`))
        group.set(`${line.device.rank} ${line.device.key}`, line.device);
    }
  }
  return new Map(
    [...groups].map(([backend, group]) => [backend, ofFirstRank([...group.values()])]),
  );
}

function ofFirstRank(devices: readonly NamedDevice[]): NamedDevice[] {
  const first = Math.min(...devices.map(({ rank }) => rank));
  return devices.filter(({ rank }) => rank === first);
}

const printedBackends: Readonly<Record<DeviceBackend, string | null>> = {
  cuda: "CUDA",
  rocm: "ROCm",
  musa: "MUSA",
  vulkan: "Vulkan",
  sycl: "SYCL",
  metal: "MTL",
  opencl: "OpenCL",
  cann: "CANN",
  other: null,
};

/** Backends that compute on the CPU, in lower case: no device of a list is theirs. */
const hostBackends = new Set(["cpu", "blas", "zendnn", ""]);

function namesOf(groups: Groups, backends: string | null): string | null {
  const words = (backends ?? "").split(",").map((word) => word.trim());
  const known = words.flatMap((word) => deviceBackendOf(word) ?? []);
  if (backends !== null && words.every((word) => hostBackends.has(word.toLowerCase()))) return null;
  const own = known.flatMap((backend) => groups.get(backend) ?? []);
  const devices = own.length > 0 ? own : cousins(groups, known);
  return devices.length === 0 ? null : devices.map(({ name }) => name).join(", ");
}

/** Those of CUDA's sources, of which each may call itself by another's name. */
const cudaFamily: ReadonlySet<DeviceBackend> = new Set(["cuda", "rocm", "musa", "other"]);

/** Of an only list that may be the row's. */
function cousins(groups: Groups, known: readonly DeviceBackend[]): readonly NamedDevice[] {
  const [only, ...more] = groups;
  if (only === undefined || more.length > 0) return [];
  const [backend, devices] = only;
  const fits = known.length === 0 || known.some((one) => cudaFamily.has(one));
  return fits && (known.length === 0 || cudaFamily.has(backend)) ? devices : [];
}
