/** How each machine does with the model that memory decides about: how fast it writes, how long it reads and answers. */
import type { MeasuredRecord } from "../../bench/record.ts";
import { contextTokens } from "../../bench/workload.ts";
import type { Mix } from "../answers/mixes.ts";
import { answerTime, curvesOf, type ModelCurves } from "../answers/modelPace.ts";
import type { Machine } from "../machines.ts";
import { measuredWork, type ModelOnMachine } from "../modelOnMachine.ts";
import type { HeldBySome } from "./heldBySome.ts";

/** The lowest and the highest of several figures. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** How a machine that doesn't hold a model is predicted to do, with as many of its layers on the GPU as fit. */
export interface Offload {
  /** Layers on the CPU, of all; the output layer counts as one. */
  readonly cpuLayers: number;
  readonly allLayers: number;
  /** t/s of token generation, from an empty context to one of `depth` tokens. */
  writing(depth: number): Range;
  /** Seconds until all of it is read and written; null where nothing tells how fast it reads. */
  seconds(mix: Mix): Range | null;
}

/** Null where the machine or the model isn't known well enough, or doesn't run it that way either. */
export type PredictOffload = (machine: Machine, model: ModelOnMachine) => Offload | null;

interface Told {
  readonly machine: Machine;
  /** t/s of token generation over the tests, or over the depths, that are spoken of; null where no holder wrote. */
  readonly writing: Range | null;
  /** t/s of prompts over the tests; null where writing is told, and of a prediction, whose first word tells it. */
  readonly reading: Range | null;
  /** Seconds until the first word after the prompt that is spoken of; null where nothing tells. */
  readonly firstWord: Range | null;
  readonly seconds: (mix: Mix) => Range | null;
}

/** `held`: measured on the GPU; `ran`: measured with layers on the CPU; `predicted`: neither. */
export type Stand =
  | (Told & { readonly kind: "held" })
  /** `box`: the CPU and RAM that did its share, where they are told. */
  | (Told & { readonly kind: "ran"; readonly box: string | null })
  | (Told & { readonly kind: "predicted"; readonly offload: Offload })
  | { readonly kind: "unknown"; readonly machine: Machine };

export type ToldStand = Exclude<Stand, { readonly kind: "unknown" }>;

export interface Stands {
  readonly model: ModelOnMachine;
  /** Tokens of the prompt that the first word comes after; null where no holder read one. */
  readonly promptTokens: number | null;
  /** The holders first. */
  readonly stands: readonly Stand[];
  /** The model on each machine that it was measured on. */
  readonly measured: readonly ModelOnMachine[];
  /** Whether memory is known to keep it off the GPUs of all others. */
  readonly isRefused: boolean;
}

/** Longer prompts than a long document's say the same of two machines. */
const longPrompt = 8192;

export function standsOf({ model, holders, others }: HeldBySome, predict: PredictOffload): Stands {
  const curves = holders.map(curvesWith);
  const read = curves.flatMap((own) => own?.reading?.end ?? []);
  const promptTokens = read.length === 0 ? null : Math.min(longPrompt, ...read);
  const ends = holders.flatMap(({ generations }) =>
    generations.map(({ workload }) => contextTokens(workload)),
  );
  const depth = ends.length === 0 ? null : Math.max(...ends);
  const spoken: Spoken = { promptTokens, depth };
  return {
    model,
    promptTokens,
    stands: [
      ...holders.map((holder, i): Stand => ({
        kind: "held",
        ...measured(holder, curves[i] ?? null, spoken),
      })),
      ...others.map(({ machine, ran }) =>
        ran === null ? predicted(machine, predict(machine, model), spoken) : ranBeside(ran, spoken),
      ),
    ],
    measured: [...holders, ...others.flatMap(({ ran }) => ran ?? [])],
    isRefused: others.every(({ isRefused }) => isRefused),
  };
}

function ranBeside(ran: ModelOnMachine, spoken: Spoken): Stand {
  const box = measuredWork(ran).find(({ machine }) => machine.cpu !== null)?.machine.cpu ?? null;
  return { kind: "ran", box, ...measured(ran, curvesWith(ran), spoken) };
}

/** What the times are told of. */
interface Spoken {
  readonly promptTokens: number | null;
  /** Tokens in the context at the end of the longest generation; null where no holder wrote. */
  readonly depth: number | null;
}

const firstWordAfter = (promptTokens: number): Mix => ({ promptTokens, outputTokens: 0 });

function curvesWith({ machine, name }: ModelOnMachine): ModelCurves | null {
  return curvesOf(machine).find((own) => own.name === name) ?? null;
}

function measured(
  { machine, generations, prompts }: ModelOnMachine,
  curves: ModelCurves | null,
  { promptTokens }: Spoken,
): Told {
  const { reading = null, writing = null } = curves ?? {};
  const written = speedsOf(generations);
  return {
    machine,
    writing: written,
    reading: written === null ? speedsOf(prompts) : null,
    firstWord: promptTokens === null || reading === null ? null : reading.upTo(promptTokens),
    seconds: (mix) =>
      reading === null || writing === null ? null : answerTime({ reading, writing }, mix),
  };
}

/** Null of none. */
function speedsOf(records: readonly MeasuredRecord[]): Range | null {
  const speeds = records.map(({ summary }) => summary.mean);
  return speeds.length === 0 ? null : { low: Math.min(...speeds), high: Math.max(...speeds) };
}

function predicted(
  machine: Machine,
  offload: Offload | null,
  { promptTokens, depth }: Spoken,
): Stand {
  if (offload === null) return { kind: "unknown", machine };
  return {
    kind: "predicted",
    machine,
    offload,
    writing: depth === null ? null : offload.writing(depth),
    reading: null,
    firstWord: promptTokens === null ? null : offload.seconds(firstWordAfter(promptTokens)),
    seconds: (mix) => offload.seconds(mix),
  };
}
