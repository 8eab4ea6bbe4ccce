/** How each machine does with the model that memory decides about: how fast it writes, how long it reads and answers. */
import { contextTokens } from "../../bench/workload.ts";
import type { Mix } from "../answers/mixes.ts";
import { answerTime, pacesOf, type ModelPace } from "../answers/modelPace.ts";
import type { Machine } from "../machines.ts";
import type { ModelOnMachine } from "../modelOnMachine.ts";
import type { HeldBySome } from "./heldBySome.ts";

/** From the lowest to the highest. */
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
  /** t/s over the tests, or over the depths, that are spoken of. */
  readonly writing: Range;
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
  /** As it was measured, on whichever machines it was. */
  readonly measured: readonly ModelOnMachine[];
  /** Whether memory is known to keep it off the GPUs of all others. */
  readonly isRefused: boolean;
}

/** Longer prompts than a long document's say the same of two machines. */
const longPrompt = 8192;

export function standsOf({ model, holders, others }: HeldBySome, predict: PredictOffload): Stands {
  const paces = holders.map(paceOf);
  const read = paces.flatMap((pace) => (pace === null ? [] : [pace.reading.end]));
  const promptTokens = read.length === 0 ? null : Math.min(longPrompt, ...read);
  const ends = holders.flatMap(({ generations }) =>
    generations.map(({ workload }) => contextTokens(workload)),
  );
  const spoken: Spoken = { promptTokens, depth: Math.max(0, ...ends) };
  return {
    model,
    promptTokens,
    stands: [
      ...holders.map((holder, i): Stand => ({
        kind: "held",
        ...measured(holder, paces[i] ?? null, spoken),
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
  const box = ran.generations.find(({ machine }) => machine.cpu !== null)?.machine.cpu ?? null;
  return { kind: "ran", box, ...measured(ran, paceOf(ran), spoken) };
}

/** What the times are told of. */
interface Spoken {
  readonly promptTokens: number | null;
  /** Tokens in the context at the end of the longest generation. */
  readonly depth: number;
}

const firstWordAfter = (promptTokens: number): Mix => ({ promptTokens, outputTokens: 0 });

function paceOf({ machine, name }: ModelOnMachine): ModelPace | null {
  return pacesOf(machine).find((pace) => pace.name === name) ?? null;
}

function measured(
  { machine, generations }: ModelOnMachine,
  pace: ModelPace | null,
  { promptTokens }: Spoken,
): Told {
  const speeds = generations.map(({ summary }) => summary.mean);
  const seconds = (mix: Mix) => (pace === null ? null : answerTime(pace, mix));
  return {
    machine,
    writing: { low: Math.min(...speeds), high: Math.max(...speeds) },
    firstWord: promptTokens === null ? null : seconds(firstWordAfter(promptTokens)),
    seconds,
  };
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
    writing: offload.writing(depth),
    firstWord: promptTokens === null ? null : offload.seconds(firstWordAfter(promptTokens)),
    seconds: (mix) => offload.seconds(mix),
  };
}
