/**
 * How fast a model would run that several machines hold. Layers go through one machine after the other, so that times add
 * up: each one's share of the layers, the round trips, and the bytes that go over the link. No machine makes it faster
 * than it would be on the fastest of them alone; it makes it fit.
 */
import { sumOf } from "../base/sumOf.ts";
import { workOfModel } from "./readModel.ts";
import type { RangeError } from "./predictionError.ts";
import {
  predictSpeed,
  type SpeedModels,
  type SpeedPrediction,
  type SpeedQuestion,
} from "./predictSpeed.ts";
import { weakest } from "./speedSource.ts";

export interface ClusterShare {
  readonly models: SpeedModels;
  /** Of all layers, the output layer counted as one. */
  readonly share: number;
  /** Reached over the link. */
  readonly lent: boolean;
  /** Has the output layer. */
  readonly output: boolean;
}

export interface LinkSpeed {
  readonly bytesPerSecond: number;
  readonly roundTripSeconds: number;
}

/** What a decode of some tokens sends over links, and waits for. */
export interface LinkWork {
  /** An answer of each machine that lends: the graph, unchanged, is one small message, which nobody waits for. */
  readonly roundTrips: number;
  readonly bytes: number;
}

/**
 * A link is seldom as fast as its name, and a program wakes late: what a described one may be slower and faster by. The
 * figures of its name are an upper bound and a lower one.
 */
const linkError: RangeError = { below: 1, above: 0.5 };

const floatBytes = 4;

/** `rpc_tensor` with the command before it and what stands behind it, for each of about seven messages a machine. */
const messageBytes = 313;
const messagesPerMachine = 7;

/** Into each machine and out of it go the activations, and out of the last, where it lends, the logits of one token. */
export function linkWork(
  width: number,
  vocabulary: number,
  tokens: number,
  shares: readonly Pick<ClusterShare, "lent" | "output" | "share">[],
): LinkWork {
  const lent = shares.filter((one) => one.lent && one.share > 0);
  const activations = floatBytes * width * tokens;
  const bytes = sumOf(lent, ({ output }) => {
    const out = output ? floatBytes * vocabulary : activations;
    return activations + out + messagesPerMachine * messageBytes;
  });
  return { roundTrips: lent.length, bytes };
}

export function linkSeconds({ roundTrips, bytes }: LinkWork, link: LinkSpeed): number {
  return roundTrips * link.roundTripSeconds + bytes / link.bytesPerSecond;
}

interface Times {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

/** Null where nothing tells how fast one of them is. */
export function predictClusterSpeed(
  question: SpeedQuestion,
  shares: readonly ClusterShare[],
  link: LinkSpeed,
): SpeedPrediction | null {
  const all = { ...question, nGpuLayers: question.model.placedLayers + 1 };
  const holding = shares.filter(({ share }) => share > 0);
  const parts = holding.map((one) => ({ ...one, speed: predictSpeed(all, one.models) }));
  const width = workOfModel(question.model).width;
  const vocabulary = vocabularyOf(question);
  const times = (tokens: number, rates: (speed: SpeedPrediction) => Rates | null): Times | null => {
    let sum: Times = { seconds: 0, low: 0, high: 0 };
    for (const { share, speed } of parts) {
      const told = speed === null ? null : rates(speed);
      if (told === null) return null;
      // Of fractions of t/s the slow end is the long time.
      sum = {
        seconds: sum.seconds + (share * tokens) / told.centre,
        low: sum.low + (share * tokens) / told.high,
        high: sum.high + (share * tokens) / told.low,
      };
    }
    const over = linkSeconds(linkWork(width, vocabulary, tokens, holding), link);
    return {
      seconds: sum.seconds + over,
      low: sum.low + over / (1 + linkError.above),
      high: sum.high + over * (1 + linkError.below),
    };
  };
  const tg = times(1, ({ tg_ts: centre, low, high }) => ({ centre, low, high }));
  if (tg === null) return null;
  const [first] = parts.flatMap(({ speed }) => speed ?? []);
  if (first === undefined) return null;
  const nPrompt = Math.max(1, question.nPrompt);
  const pp = times(nPrompt, ({ pp_ts: centre, prefill }) =>
    centre === null || prefill === null ? null : { centre, low: prefill.low, high: prefill.high },
  );
  const basis = weakest(...parts.flatMap(({ speed }) => speed?.basis ?? []));
  const decode = { tg_ts: 1 / tg.seconds, low: 1 / tg.high, high: 1 / tg.low, basis };
  const prefill =
    pp === null || first.prefill === null
      ? null
      : {
          ...first.prefill,
          pp_ts: nPrompt / pp.seconds,
          low: nPrompt / pp.high,
          high: nPrompt / pp.low,
          basis: weakest(...parts.flatMap(({ speed }) => speed?.prefill?.basis ?? [])),
        };
  return { ...decode, pp_ts: prefill?.pp_ts ?? null, decode, prefill };
}

/** Tokens that the output layer tells apart. */
function vocabularyOf({ model }: SpeedQuestion): number {
  return model.tensors.find(({ name }) => name === "token_embd.weight")?.dims[1] ?? 0;
}

interface Rates {
  readonly centre: number;
  readonly low: number;
  readonly high: number;
}
