/** Machine, engine and method of what is reported, as labelled lines. */
import { groupBy } from "../base/groupBy.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { RamSource } from "../bench/ramBandwidth.ts";
import type { CaseRecord, EngineFacts, MachineFacts } from "../bench/record.ts";
import type { RunFacts } from "../results/journalLines.ts";
import { formatSize, plain } from "./format.ts";
import type { Reported } from "./reporter.ts";

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** One run, or the cases of one where its journal isn't at hand. */
export interface Source {
  readonly title: string;
  readonly machine: readonly Fact[];
  readonly engine: readonly Fact[];
  readonly method: readonly Fact[];
}

type Given = string | number | null | undefined;

/** Facts that are known. */
function facts(entries: readonly (readonly [label: string, value: Given])[]): Fact[] {
  return entries.flatMap(([label, value]) => {
    const text = value === null || value === undefined ? "" : plain(String(value));
    return text === "" ? [] : [{ label, value: text }];
  });
}

function size(bytes: number | null | undefined): string | null {
  return bytes === null || bytes === undefined ? null : formatSize(bytes);
}

function joined(separator: string, ...parts: Given[]): string {
  return parts.filter((part) => part !== null && part !== undefined && part !== "").join(separator);
}

function coreText({ logical, physical, performance, efficiency }: RunFacts["machine"]["cores"]) {
  return performance === null || efficiency === null
    ? `${physical} cores, ${logical} threads`
    : `${performance} performance and ${efficiency} efficiency cores`;
}

function machineFacts(record: CaseRecord | undefined, run: RunFacts | undefined): Fact[] {
  const own = record?.machine;
  const machine = run?.machine;
  const gpu = own?.gpu ?? machine?.gpu_info;
  const gpuCores = own?.gpuCores ?? machine?.gpu_cores;
  const cpu = own?.cpu ?? machine?.cpu_info;
  return facts([
    ["Machine", own?.name ?? machine?.name],
    ["Model", own?.model ?? machine?.machine_model],
    ["System", own?.os ?? machine?.os],
    ["Other machines", own?.servers],
    ["CPU", joined(", ", cpu, machine && coreText(machine.cores))],
    ["GPU", joined(", ", gpu, gpuCores ? `${gpuCores} cores` : null)],
    ["GPU driver", own?.driver ?? machine?.driver],
    ["GPU memory budget", size(own?.gpuBudgetBytes)],
    ["RAM", joined(", ", size(own?.ramBytes ?? machine?.ram_bytes), ram(own), unified(machine))],
    ["Power", joined(", ", own?.powerSource, own?.powerMode)],
  ]);
}

const ramWords = {
  given: "as its user says",
  measured: "measured here",
  described: "by its chip's description",
} as const satisfies Record<RamSource, string>;

function ram(own: MachineFacts | undefined): string | null {
  if (!own || own.ramGbps === null || own.ramSource === null) return null;
  return `${Number(own.ramGbps.toPrecision(3))} GB/s ${ramWords[own.ramSource]}`;
}

function unified(machine: RunFacts["machine"] | undefined): string | null {
  return machine?.unified_memory === true ? "shared with the GPU" : null;
}

function devicesText(devices: EngineInfo["devices"] | undefined): string | null {
  const texts = devices?.map(
    ({ name, description, total_bytes: bytes }) => `${name} (${description}, ${formatSize(bytes)})`,
  );
  return texts === undefined || texts.length === 0 ? null : texts.join(", ");
}

function engineFacts(
  record: CaseRecord | undefined,
  run: RunFacts | undefined,
  further: readonly FurtherEngine[],
): Fact[] {
  const own = record?.engine;
  const engine = run?.engine;
  return facts([
    [
      "Engine",
      joined(
        " ",
        own?.name ?? engine?.engine,
        own?.version ?? engine?.engine_version,
        own?.commit ?? engine?.build_commit,
      ),
    ],
    ["Backend", own?.backend ?? engine?.backend],
    ["Package", engine?.package],
    ["Devices", devicesText(engine?.devices)],
    ["Built for", engine?.system_info],
    [
      "Environment",
      Object.entries(run?.environment ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
    ],
    ...further.map((one) => ["Beside it", furtherText(one)] as const),
  ]);
}

/** As rows tell it, and the journal where that is at hand. */
interface FurtherEngine {
  readonly told: EngineFacts;
  readonly info: EngineInfo | undefined;
}

function furtherText({ told, info }: FurtherEngine): string {
  const build = joined(" ", told.name, told.version, told.commit);
  if (info?.missing !== undefined) return `${build}, which is not here: ${info.missing}`;
  return joined(
    "; ",
    joined(" on ", build, told.backend),
    devicesText(info?.devices),
    info?.system_info,
  );
}

/** Those of a run's cases that aren't the first one's. */
function furtherEngines(
  cases: readonly CaseRecord[],
  first: CaseRecord | undefined,
  run: RunFacts | undefined,
): FurtherEngine[] {
  const byName = new Map(cases.map(({ engine }) => [engine.name, engine]));
  return [...byName.values()]
    .filter(({ name }) => name !== first?.engine.name)
    .map((told) => ({ told, info: run?.beside?.find(({ engine }) => engine === told.name) }));
}

function optionText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function methodFacts(record: CaseRecord | undefined, run: RunFacts | undefined): Fact[] {
  return facts([
    ["Run", record?.runId ?? run?.run_id],
    ["Started", run?.started_at],
    ["llmbench", run?.llmbench_version],
    // Of the engine's own flags some hold addresses; what they led to stands with the machine.
    ...Object.entries(run?.options ?? {}).flatMap(([name, value]) =>
      name === "own" || name === "beside" ? [] : [[name, optionText(value)] as const],
    ),
  ]);
}

/** One for each run that the results come from, in the order of their appearance. */
export function sources({ runs, cases }: Reported): Source[] {
  const byRun = groupBy(cases, ({ runId }) => runId);
  const ids = new Set([...runs.map(({ run_id: id }) => id), ...byRun.keys()]);
  return [...ids].map((id) => {
    const own = byRun.get(id) ?? [];
    const [first] = own;
    const run = runs.find(({ run_id: runId }) => runId === id);
    return {
      title: plain(first?.machine.name ?? run?.machine.name ?? id),
      machine: machineFacts(first, run),
      engine: engineFacts(first, run, furtherEngines(own, first, run)),
      method: methodFacts(first, run),
    };
  });
}

/** What ± and intervals mean, in the words of docs/measuring.md. */
export const spreadText = [
  "t/s is the mean of the repetitions' tokens per second ± their sample standard deviation.",
  "The 95% interval, a whisker in pictures, is that of the mean over launches (Kalibera and Jones 2013); with a single launch it is widened by what launches differ by: as devices --noise measured it, else an assumed 1%.",
] as const;

/** How the numbers came about. */
export const methodText = [
  "Each case runs in a child process that calls llama.cpp's C API as llama-bench does; warm-up repetitions come first and don't count.",
  "pp is prompt processing, tg token generation, @ d the tokens that were in the KV cache before.",
] as const;
