/** The matrix: settings → every combination, nested as llama-bench nests them (`get_cmd_params_instances`, llama.cpp v0.4.0). */
import {
  copy,
  isOfMachine,
  matmulOf,
  readOf,
  testName,
  workloadOf,
  type TrainWorkload,
  type Workload,
} from "../bench/workload.ts";
import type { CaseSettings, ContextSettings, Placement } from "../bench/settings.ts";
import type { FlagValues } from "./flags.ts";

type WorkloadLists = Pick<
  FlagValues,
  "nPrompt" | "nGen" | "pg" | "nDepth" | "train" | "precisions" | "copy" | "read" | "matmul"
>;
type PlacementLists = Pick<FlagValues, keyof Placement>;
type ContextLists = Pick<FlagValues, keyof ContextSettings>;
export type MatrixLists = WorkloadLists & PlacementLists & ContextLists;

type Lists<T> = { readonly [Key in keyof T]: readonly T[Key][] };

/** Every combination of one element per list; the first key varies slowest. */
function combinations<T extends object>(lists: Lists<T>): T[] {
  return Object.entries<readonly unknown[]>(lists).reduce<object[]>(
    (partial, [key, values]) =>
      partial.flatMap((chosen) => values.map((value) => ({ ...chosen, [key]: value }))),
    [{}],
  ) as T[];
}

/**
 * The machine's own, then per depth: prompts, generations, prompts with generation; then training. A length of 0 is switched
 * off; equal tests count once.
 */
export function expandWorkloads(lists: WorkloadLists): Workload[] {
  const ofModel = lists.nDepth.flatMap((depth) => atDepth(lists, depth));
  const all = [...ofMachine(lists), ...ofModel, ...training(lists)];
  return [...new Map(all.map((workload) => [testName(workload), workload])).values()];
}

function atDepth({ nPrompt, nGen, pg }: WorkloadLists, depth: number): Workload[] {
  return [
    ...nPrompt.flatMap((prompt) => ofLengths(prompt, 0, depth)),
    ...nGen.flatMap((generated) => ofLengths(0, generated, depth)),
    ...pg.flatMap((pair) => ofLengths(pair.nPrompt, pair.nGen, depth)),
  ];
}

function training({ train, precisions }: WorkloadLists): TrainWorkload[] {
  return train.flatMap(({ sequence, batch }) =>
    precisions.map((precision) => ({
      kind: "train",
      sequence,
      batch,
      precision,
      depth: 0,
      parallel: 1,
    })),
  );
}

function ofMachine(lists: WorkloadLists): Workload[] {
  return [
    ...(lists.copy ? [copy] : []),
    ...lists.read.map(readOf),
    ...lists.matmul.map(({ size, type }) => matmulOf(size, type)),
  ];
}

/** Whether a model is needed for some of it. */
export function asksOfModel(lists: WorkloadLists): boolean {
  return expandWorkloads(lists).some((workload) => !isOfMachine(workload));
}

function ofLengths(prompt: number, generated: number, depth: number): Workload[] {
  return prompt + generated > 0 ? [workloadOf({ prompt, generated, depth })] : [];
}

/** All cases of one model and quantization, and those of the machine. `defaultThreads` stands in where no `--threads` was given. */
export function expandSettings(settings: MatrixLists, defaultThreads: number): CaseSettings[] {
  const placements = combinations<Placement>({
    numa: settings.numa,
    priority: settings.priority,
    gpuLayers: settings.gpuLayers,
    nCpuMoe: settings.nCpuMoe,
    splitMode: settings.splitMode,
    loadMode: settings.loadMode,
    lazyMode: settings.lazyMode,
    mainGpu: settings.mainGpu,
    devices: settings.devices,
    tensorSplit: settings.tensorSplit,
    tensorOverrides: settings.tensorOverrides,
    noHost: settings.noHost,
  });
  const contexts = combinations<ContextSettings>({
    embeddings: settings.embeddings,
    noOpOffload: settings.noOpOffload,
    nBatch: settings.nBatch,
    nUbatch: settings.nUbatch,
    typeK: settings.typeK,
    typeV: settings.typeV,
    noKvOffload: settings.noKvOffload,
    flashAttn: settings.flashAttn,
    nThreads: settings.nThreads ?? [defaultThreads],
    cpuMask: settings.cpuMask,
    cpuStrict: settings.cpuStrict,
    poll: settings.poll,
  });
  const workloads = expandWorkloads(settings);
  return placements.flatMap((placement) =>
    contexts.flatMap((context) => workloads.map((workload) => ({ workload, placement, context }))),
  );
}
