/** The suites that come with llmbench: what each measures, how long that takes at most, and what it keeps on the disk. */
import { count } from "../base/count.ts";
import { formatBytes } from "../base/bytes.ts";
import { formatDuration } from "../base/duration.ts";
import type { LaunchCount } from "../bench/repetitions.ts";
import { isOfMachine, testName } from "../bench/workload.ts";
import { engineRow } from "../engines/registry.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { tensorDataBytes, tensorTable } from "../gguf/tensorTable.ts";
import { resolveModel } from "../models/resolveModel.ts";
import { tensorTypesOf } from "../models/syntheticTypes.ts";
import { expandSettings, expandWorkloads } from "../suite/expand.ts";
import { suiteNames } from "../suite/loadSuite.ts";
import { runSettings } from "../suite/runSettings.ts";
import type { RunSettings } from "../suite/settings.ts";
import { TensorTypeQuestions } from "./tensorTypes.ts";

/** What one engine measures. */
export interface ListedPart {
  readonly engine: string;
  readonly models: readonly string[];
  /** Of the files that it opens; none of an engine that draws weights itself. */
  readonly quantizations: readonly string[];
  readonly tests: readonly string[];
}

export interface ListedSuite extends ListedPart {
  readonly suite: string;
  readonly description: string | null;
  /** What further engines measure after that. */
  readonly beside: readonly ListedPart[];
  /** Of all engines, on a machine that holds all models, and has one device: what doesn't fit takes no time. */
  readonly cases: number;
  readonly launches: LaunchCount;
  /** Seconds of warm-ups and repetitions; null where a number of repetitions is asked for, whose time is the machine's. */
  readonly most_seconds: number | null;
  /** Synthetic weights of all models, which stay in the cache. */
  readonly weights_bytes: number;
}

/** By name. @throws LlmbenchError `config` where a suite's file is malformed. */
export async function listSuites(): Promise<ListedSuite[]> {
  const questions = new TensorTypeQuestions();
  try {
    const all: ListedSuite[] = [];
    for (const name of suiteNames()) all.push(await listSuite(name, questions));
    return all;
  } finally {
    await questions.close();
  }
}

async function listSuite(name: string, questions: TensorTypeQuestions): Promise<ListedSuite> {
  const { suite, settings, beside } = runSettings({ suite: name });
  const { launches, repetitions, maxTimeSeconds } = settings;
  const parts = [settings, ...beside.map((part) => part.settings)];
  const cases = parts.reduce((sum, part) => sum + casesOf(part), 0);
  let bytes = 0;
  for (const part of parts) bytes += await fileBytes(part, questions);
  return {
    suite: name,
    description: suite.description,
    ...listed(settings),
    beside: beside.map((part) => listed(part.settings)),
    cases,
    launches,
    most_seconds: repetitions === "auto" ? cases * maxTimeSeconds : null,
    weights_bytes: bytes,
  };
}

function listed(settings: RunSettings): ListedPart {
  const { engine, models } = settings;
  const quantizations = models.length === 0 ? [] : quantizationsOf(settings).filter(Boolean);
  return { engine, models, quantizations, tests: expandWorkloads(settings).map(testName) };
}

/** One without a name, where the engine opens no file. */
function quantizationsOf({ engine, quantizations }: RunSettings): readonly (Quantization | "")[] {
  return engineRow(engine).opens === "files" ? quantizations : [""];
}

function casesOf(settings: RunSettings): number {
  const points = expandSettings(settings, 1);
  const ofMachine = points.filter(({ workload }) => isOfMachine(workload)).length;
  const variants = settings.models.length * quantizationsOf(settings).length;
  return ofMachine + variants * (points.length - ofMachine);
}

async function fileBytes(settings: RunSettings, questions: TensorTypeQuestions): Promise<number> {
  let bytes = 0;
  for (const spec of settings.models) {
    const { shape, kind } = resolveModel(spec);
    if (kind === "file") continue;
    for (const quantization of quantizationsOf(settings)) {
      if (quantization === "") continue;
      const types = await tensorTypesOf(questions.question(shape, quantization));
      bytes += tensorDataBytes(tensorTable(shape), types);
    }
  }
  return bytes;
}

/** Three lines a suite and one for each further engine, none wider than a usual terminal unless a list in it is. */
export function suiteSheet(suite: ListedSuite): string {
  const { suite: name, description, beside, cases, launches } = suite;
  const each =
    launches === "auto" ? "launches: auto" : `${count(launches, "launch", "launches")} each`;
  const time =
    suite.most_seconds === null
      ? "as long as its repetitions take"
      : `at most ${formatDuration(suite.most_seconds)} of measuring`;
  const disk =
    suite.weights_bytes === 0 ? "" : `; weights on the disk ${formatBytes(suite.weights_bytes)}`;
  return [
    `${name}: ${description ?? ""}`,
    `  ${partText(suite)}`,
    ...beside.map((part) => `  ${part.engine}: ${partText(part)}`),
    `  ${count(cases, "case")}, ${each}; ${time}${disk}`,
  ].join("\n");
}

function partText({ models, quantizations, tests }: ListedPart): string {
  const at = quantizations.length === 0 ? "" : ` at ${quantizations.join(", ")}`;
  return `${models.length === 0 ? "no model" : `${models.join(", ")}${at}`}; ${tests.join(", ")}`;
}
