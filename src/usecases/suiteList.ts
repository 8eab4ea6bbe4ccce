/** The suites that come with llmbench: what each measures, how long that takes at most, and what it keeps on the disk. */
import { count } from "../base/count.ts";
import { formatBytes } from "../base/bytes.ts";
import { formatDuration } from "../base/duration.ts";
import { isOfMachine, testName } from "../bench/workload.ts";
import { tensorDataBytes, tensorTable } from "../gguf/tensorTable.ts";
import { resolveModel } from "../models/resolveModel.ts";
import { tensorTypesOf } from "../models/syntheticTypes.ts";
import { expandSettings, expandWorkloads } from "../suite/expand.ts";
import { suiteNames } from "../suite/loadSuite.ts";
import { runSettings } from "../suite/runSettings.ts";
import { TensorTypeQuestions } from "./tensorTypes.ts";

export interface ListedSuite {
  readonly suite: string;
  readonly description: string | null;
  readonly models: readonly string[];
  readonly quantizations: readonly string[];
  readonly tests: readonly string[];
  /** On a machine that holds all models, and has one device: what doesn't fit takes no time. */
  readonly cases: number;
  readonly launches: number;
  /** Seconds of warm-ups and repetitions; null where a number of repetitions is asked for, whose time is the machine's. */
  readonly most_seconds: number | null;
  /** Synthetic weights of all models, which stay in the cache. */
  readonly weights_bytes: number;
}

/** By name. @throws LlmbenchError `config` where a suite's file is malformed. */
export async function listSuites(): Promise<ListedSuite[]> {
  const questions = new TensorTypeQuestions();
  try {
    const listed: ListedSuite[] = [];
    for (const name of suiteNames()) listed.push(await listSuite(name, questions));
    return listed;
  } finally {
    await questions.close();
  }
}

async function listSuite(name: string, questions: TensorTypeQuestions): Promise<ListedSuite> {
  const { suite, settings } = runSettings({ suite: name });
  const { models, quantizations, launches, repetitions, maxTimeSeconds } = settings;
  const points = expandSettings(settings, 1);
  const ofMachine = points.filter(({ workload }) => isOfMachine(workload)).length;
  const ofEach = points.length - ofMachine;
  const cases = ofMachine + models.length * quantizations.length * ofEach;
  let bytes = 0;
  for (const spec of models) {
    const { shape, kind } = resolveModel(spec);
    if (kind === "file") continue;
    for (const quantization of quantizations) {
      const types = await tensorTypesOf(questions.question(shape, quantization));
      bytes += tensorDataBytes(tensorTable(shape), types);
    }
  }
  return {
    suite: name,
    description: suite.description,
    models,
    quantizations: models.length === 0 ? [] : quantizations,
    tests: expandWorkloads(settings).map(testName),
    cases,
    launches,
    most_seconds: repetitions === "auto" ? cases * maxTimeSeconds : null,
    weights_bytes: bytes,
  };
}

/** Three lines a suite, none wider than a usual terminal unless a list in it is. */
export function suiteSheet(listed: ListedSuite): string {
  const { suite, description, models, quantizations, tests, cases, launches } = listed;
  const time =
    listed.most_seconds === null
      ? "as long as its repetitions take"
      : `at most ${formatDuration(listed.most_seconds)} of measuring`;
  return [
    `${suite}: ${description ?? ""}`,
    `  ${models.length === 0 ? "no model" : `${models.join(", ")} at ${quantizations.join(", ")}`}; ${tests.join(", ")}`,
    `  ${count(cases, "case")}, ${count(launches, "launch", "launches")} each; ${time}; weights on the disk ${formatBytes(listed.weights_bytes)}`,
  ].join("\n");
}
