/**
 * How fast a model would run that several machines hold. Layers go through one machine after the other, so that times add
 * up: each one's part of the layers, the answers that are waited for, and the bytes that go over the links. Of a prompt of
 * several batches the last machine works on one while those before it have the next.
 */
import { sumOf } from "../base/sumOf.ts";
import { linkError, linkSeconds, type LinkSpeed } from "./linkSpeed.ts";
import { linkWork, type HeldLayers, type LinkBatch, type LinkWork } from "./linkWork.ts";
import {
  predictSpeed,
  type SpeedModels,
  type SpeedPrediction,
  type SpeedQuestion,
} from "./predictSpeed.ts";
import { batchTokens } from "./prefillWork.ts";
import { workOfModel, type ReadModel } from "./readModel.ts";
import { weakest } from "./speedSource.ts";
import { weightsRead } from "./weightsRead.ts";

/** A machine of several. */
export interface ClusterMachine {
  readonly models: SpeedModels;
  /** Names of its devices that take part. */
  readonly devices: readonly string[];
  /** Whether layers that are on no device are computed by what `models` tells of. */
  readonly holdsHost: boolean;
  /** The way to it; null of the machine that measures. */
  readonly link: LinkSpeed | null;
}

/** The device that holds each layer, the output layer last, by name; null for the host. */
export type PlacedLayers = readonly (string | null)[];

/** What a machine holds, and how fast it would be with all of the model. */
interface Holder extends HeldLayers {
  readonly speed: SpeedPrediction | null;
  readonly link: LinkSpeed | null;
}

interface Times {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

interface Rates {
  readonly centre: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Null where nothing tells how fast one of them is, or the way to it.
 *
 * @param machines in the order in which layers go through them
 */
export function predictClusterSpeed(
  question: SpeedQuestion,
  placed: PlacedLayers,
  machines: readonly ClusterMachine[],
): SpeedPrediction | null {
  const holders = holdersOf(question, placed, machines);
  if (holders === null) return null;
  const decode = decodeTimes(question, holders);
  if (decode === null) return null;
  const prefill = prefillTimes(question, holders, !placed.includes(null));
  const nPrompt = Math.max(1, question.nPrompt);
  const [first] = holders;
  const tg = {
    tg_ts: 1 / decode.seconds,
    low: 1 / decode.high,
    high: 1 / decode.low,
    basis: weakest(...holders.flatMap(({ speed }) => speed?.basis ?? [])),
  };
  const known = first?.speed?.prefill ?? null;
  const pp =
    prefill === null || known === null
      ? null
      : {
          ...known,
          pp_ts: nPrompt / prefill.seconds,
          low: nPrompt / prefill.high,
          high: nPrompt / prefill.low,
          basis: weakest(...holders.flatMap(({ speed }) => speed?.prefill?.basis ?? [])),
        };
  return { ...tg, pp_ts: pp?.pp_ts ?? null, decode: tg, prefill: pp };
}

/** Machines that hold none are left out; null where layers lie where nothing is known of. */
function holdersOf(
  question: SpeedQuestion,
  placed: PlacedLayers,
  machines: readonly ClusterMachine[],
): Holder[] | null {
  const whole = { ...question, nGpuLayers: question.model.placedLayers + 1 };
  const output = placed.length - 1;
  const holders = machines.flatMap(({ devices, holdsHost, models, link }): Holder[] => {
    const places = placed.flatMap((place, index) =>
      (place === null ? holdsHost : devices.includes(place)) ? [index] : [],
    );
    if (places.length === 0) return [];
    const layers = places.filter((index) => index !== output);
    const speed = predictSpeed(whole, models);
    return [{ layers, output: places.includes(output), speed, link }];
  });
  const held = sumOf(holders, (one) => one.layers.length + Number(one.output));
  return held === placed.length ? holders : null;
}

function decodeTimes(question: SpeedQuestion, holders: readonly Holder[]): Times | null {
  const { nDepth, nUbatch, flashAttention, model } = question;
  const inAll = Math.max(1, question.nGen);
  const batch = { tokens: 1, nDepth, inAll, nUbatch, flashAttention };
  const stages = holders.map((one) =>
    stageTimes(model, one, batch, decodeShare(model, one), one.speed?.decode, (tg) => tg.tg_ts),
  );
  return inTurn(stages, 1, false);
}

function prefillTimes(
  question: SpeedQuestion,
  holders: readonly Holder[],
  onDevices: boolean,
): Times | null {
  const { nDepth, nUbatch, flashAttention, model } = question;
  const inAll = Math.max(1, question.nPrompt);
  const tokens = batchTokens({ ...question, nPrompt: inAll });
  const batch = { tokens, nDepth, inAll, nUbatch, flashAttention };
  const stages = holders.map((one) =>
    stageTimes(model, one, batch, prefillShare(model, one), one.speed?.prefill, (pp) => pp.pp_ts),
  );
  return inTurn(stages, inAll / tokens, onDevices);
}

/** What a batch takes on one machine and on the way there and back. */
function stageTimes<Told extends { readonly low: number; readonly high: number }>(
  model: ReadModel,
  held: Holder,
  batch: LinkBatch,
  share: number,
  told: Told | null | undefined,
  centreOf: (told: Told) => number,
): Times | null {
  if (told === null || told === undefined) return null;
  const own = shareOf({ ...told, centre: centreOf(told) }, share * batch.tokens);
  if (held.link === null) return own;
  const over = linkTimes(linkWork(model, held, batch), held.link);
  return added(own, over);
}

/** Of fractions of t/s the slow end is the long time. */
function shareOf({ centre, low, high }: Rates, tokens: number): Times {
  return { seconds: tokens / centre, low: tokens / high, high: tokens / low };
}

function linkTimes(work: LinkWork, link: LinkSpeed): Times {
  const seconds = linkSeconds(work, link);
  const { below, above } = linkError(link);
  return { seconds, low: seconds / (1 + above), high: seconds * (1 + below) };
}

/**
 * Batches that go through all stages one after the other. Who measures waits for what comes out of each stage but the last,
 * whose work goes on while the next batch has begun, where all layers are on devices (pipeline_parallel of llama_context,
 * src/llama-context.cpp, v0.4.0).
 */
function inTurn(
  stages: readonly (Times | null)[],
  batches: number,
  overlap: boolean,
): Times | null {
  const known = stages.filter((stage) => stage !== null);
  const last = known.at(-1);
  if (last === undefined || known.length < stages.length) return null;
  const before = known.slice(0, -1).reduce(added, none);
  const each = (key: keyof Times) =>
    overlap ? Math.max(before[key], last[key]) : before[key] + last[key];
  const of = (key: keyof Times) => before[key] + last[key] + (batches - 1) * each(key);
  return { seconds: of("seconds"), low: of("low"), high: of("high") };
}

const none: Times = { seconds: 0, low: 0, high: 0 };

function added(a: Times, b: Times): Times {
  return { seconds: a.seconds + b.seconds, low: a.low + b.low, high: a.high + b.high };
}

/** Of what a token reads. */
function decodeShare(model: ReadModel, { layers, output }: HeldLayers): number {
  const read = weightsRead(model);
  const outside = output ? read.total - read.ofLayers : 0;
  return (outside + sumOf(layers, (layer) => read.ofLayer(layer))) / read.total;
}

/** Of what a prompt is multiplied with: the output layer works for its last token alone. */
function prefillShare(model: ReadModel, { layers }: HeldLayers): number {
  const { layers: all } = workOfModel(model);
  const elements = (layer: number) => {
    const work = all[layer];
    return work === undefined ? 0 : work.denseElements + work.expertElements;
  };
  return sumOf(layers, elements) / sumOf(all.keys(), elements);
}
