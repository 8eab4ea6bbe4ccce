/** The settings of a case as texts that the flags of `run` read back. */
import { otherSetting, type OtherSettingName } from "../bench/otherSettings.ts";
import { summaryOf, type CaseRecord } from "../bench/record.ts";
import type { StopReason } from "../bench/stopReasons.ts";
import {
  generatedTokens,
  isKnown,
  isLlamaBench,
  promptTokens,
  type Workload,
} from "../bench/workload.ts";
import type { FlagKey } from "../suite/flags.ts";
import type { matrixFlags } from "../suite/matrixFlags.ts";

/** Null is unknown, or needs no saying. */
export type SettingText = string | number | null;
export type SettingTexts = { readonly [Key in FlagKey]?: SettingText };

interface WorkloadTexts {
  readonly nPrompt: number;
  readonly nGen: number;
  readonly pg: string | null;
  readonly nDepth: number;
}

/**
 * Both tools run pp and tg on their own unless one of them is 0. Of a test that llmbench doesn't know, its lengths are all
 * that can be asked for. Null for a test that no flag asks for.
 */
export function workloadTexts(workload: Workload): WorkloadTexts | null {
  const { depth: nDepth } = workload;
  const [prompt, generated] = [promptTokens(workload), generatedTokens(workload)];
  if ((isKnown(workload) && !isLlamaBench(workload)) || prompt + generated === 0) return null;
  return prompt > 0 && generated > 0
    ? { nPrompt: 0, nGen: 0, pg: `${prompt},${generated}`, nDepth }
    : { nPrompt: prompt, nGen: generated, pg: null, nDepth };
}

/** A step of training is asked for by its size and precision; null for other tests. */
export function trainingTexts({ workload, settings }: CaseRecord) {
  if (workload.kind !== "train") return null;
  const { sequence, batch, precision } = workload;
  const compiler = settings.others["compiler"] ?? "none";
  return {
    train: `${sequence}x${batch}`,
    precisions: precision,
    compile: compiler === "none" ? null : 1,
  } satisfies SettingTexts;
}

/** What spans the matrix, all but the model; null for a test that no flag asks for, and for those of the machine alone. */
export function matrixTexts(record: CaseRecord) {
  const tested = workloadTexts(record.workload);
  return tested === null ? null : { ...tested, ...settingTexts(record) };
}

type TestKey = keyof WorkloadTexts | "copy" | "read" | "matmul" | "train" | "precisions";

/** The same without the test. */
export function settingTexts({ settings }: CaseRecord) {
  const { gpuLayers, flashAttn, noKvOffload } = settings;
  const other = (name: OtherSettingName) => otherSetting(settings.others, name);
  return {
    nBatch: settings.nBatch,
    nUbatch: settings.nUbatch,
    nThreads: settings.nThreads,
    gpuLayers: gpuLayers === null ? null : Math.max(-1, gpuLayers),
    flashAttn: switchText(flashAttn),
    typeK: settings.typeK,
    typeV: settings.typeV,
    splitMode: settings.splitMode,
    devices: settings.devices,
    tensorSplit: tensorSplit(settings.tensorSplit),
    tensorOverrides: settings.tensorOverrides,
    mainGpu: settings.mainGpu,
    nCpuMoe: settings.nCpuMoe,
    noKvOffload: switchText(noKvOffload),
    noOpOffload: other("noOpOffload"),
    noHost: other("noHost"),
    embeddings: other("embeddings"),
    loadMode: settings.loadMode,
    lazyMode: other("lazyMode"),
    cpuMask: other("cpuMask"),
    cpuStrict: other("cpuStrict"),
    poll: other("poll"),
    priority: other("priority"),
    numa: other("numa"),
  } satisfies Record<
    Exclude<keyof typeof matrixFlags, TestKey | "models" | "quantizations">,
    SettingText
  >;
}

function switchText(on: boolean | null): number | null {
  return on === null ? null : Number(on);
}

/** `0.00` is what llama-bench prints where none was given. */
function tensorSplit(text: string | null): string | null {
  return text !== null && /[1-9]/.test(text) ? text : null;
}

/** As many addresses as other machines took part, whose own no row tells. */
export function rpcText(servers: string | null): SettingText {
  if (servers === null) return null;
  return servers
    .split("; ")
    .map((_, index) => `HOST${index + 1}:50052`)
    .join(",");
}

/** What `-r` was, by what ended the repetitions. */
const wasAuto = {
  repetitions: false,
  sustain: false,
  precision: true,
  max_time: true,
  max_repetitions: true,
} as const satisfies Record<StopReason, boolean>;

/** Of each launch; null where they aren't told, or weren't the same in all. */
export function repetitionsText(record: CaseRecord): SettingText {
  const summary = summaryOf(record);
  if (summary === null || summary.sustained !== null || summary.repetitions === null) return null;
  const { repetitions, launches, stoppedBy } = summary;
  if (stoppedBy !== null && wasAuto[stoppedBy]) return "auto";
  const each = repetitions / (launches ?? 1);
  return Number.isInteger(each) ? each : null;
}

/**
 * What holds for the whole run. The GPU's budget may be the device's own or `--gpu-budget`: a case doesn't tell them apart,
 * and its layers stand in the line.
 */
export function runTexts(record: CaseRecord) {
  const summary = summaryOf(record);
  const seconds = summary?.sustained?.seconds ?? null;
  return {
    weights: record.model.weights,
    repetitions: repetitionsText(record),
    // Asked was a little less: the last repetition was begun before that time was up.
    sustainSeconds: seconds === null ? null : Math.max(1, Math.floor(seconds)),
    launches: seconds === null ? (summary?.launches ?? null) : null,
    engine: record.engine.name,
    device: record.engine.backend,
    useCtx: record.fit.useCtx,
    seed: record.seed,
    rpc: rpcText(record.machine.servers),
  } satisfies SettingTexts;
}
