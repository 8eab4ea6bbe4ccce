import { describe, expect, it } from "vitest";
import { findMachines } from "../../src/machine/machineCatalogue.ts";
import { predictClusterSpeed, type ClusterMachine } from "../../src/predict/clusterSpeed.ts";
import type { LinkSpeed } from "../../src/predict/linkSpeed.ts";
import {
  describedSource,
  predictSpeed,
  speedModels,
  type SpeedQuestion,
} from "../../src/predict/predictSpeed.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { modelNamed, usualQuestion } from "./usualQuestion.ts";

function linkOf(ms: number, gbps: number): LinkSpeed {
  const way = { bytesPerSecond: gbps * 1e9, afterRest: [] };
  return { roundTripSeconds: ms / 1000, up: way, down: way, isMeasured: true };
}

const link = linkOf(1, 1);
const atOnce = linkOf(0, Infinity);

function modelsOf(id: string) {
  const [machine] = findMachines(id);
  if (machine === undefined) throw new Error(`no machine ${id}`);
  return speedModels(describedSource(machine, publishedResults()));
}

const [mac, card] = [modelsOf("m3-max-40c-64gb"), modelsOf("rtx-4090-24gb")];

const question: SpeedQuestion = {
  ...usualQuestion,
  model: modelNamed("7b"),
  quantization: "q4_0",
};
const layers = question.model.placedLayers + 1;

/** The first layers on the first device, the rest on the second. */
function placed(onFirst: number): string[] {
  return Array.from({ length: layers }, (_, layer) => (layer < onFirst ? "RPC0" : "MTL0"));
}

function lent(models: ClusterMachine["models"], way: LinkSpeed): ClusterMachine {
  return { models, devices: ["RPC0"], holdsHost: false, link: way };
}

const own: ClusterMachine = { models: mac, devices: ["MTL0"], holdsHost: false, link: null };

function speed(of: SpeedQuestion, places: readonly string[], machines: readonly ClusterMachine[]) {
  const predicted = predictClusterSpeed(of, places, machines);
  if (predicted === null) throw new Error("a prediction");
  return predicted;
}

describe("a model that several machines hold", () => {
  it("decodes as fast as one of two alike, but for the way between them", () => {
    const alone = predictSpeed(question, mac)?.tg_ts ?? Number.NaN;
    const near = speed(question, placed(16), [lent(mac, atOnce), own]).tg_ts;
    expect(near / alone).toBeCloseTo(1, 2);
    const far = speed(question, placed(16), [lent(mac, link), own]).tg_ts;
    expect(1 / far - 1 / near).toBeGreaterThan(1e-3);
    expect(1 / far - 1 / near).toBeLessThan(1.2e-3);
  });

  it("takes of each machine the part of the weights that it holds", () => {
    const [slow, fast] = [mac, card].map((one) => predictSpeed(question, one)?.tg_ts ?? Number.NaN);
    const half = speed(question, placed(16), [lent(card, atOnce), own]).tg_ts;
    const most = speed(question, placed(24), [lent(card, atOnce), own]).tg_ts;
    for (const one of [half, most]) {
      expect(one).toBeGreaterThan(slow ?? Number.NaN);
      expect(one).toBeLessThan(fast ?? Number.NaN);
    }
    expect(most).toBeGreaterThan(half);
  });

  it("doesn't ask in which order the machines are told", () => {
    const machines = [lent(card, link), own];
    expect(speed(question, placed(16), machines.toReversed())).toEqual(
      speed(question, placed(16), machines),
    );
  });

  it("reads a prompt of one batch no faster, and several at once on two machines", () => {
    const alone = predictSpeed(question, mac)?.pp_ts ?? Number.NaN;
    const one = speed(question, placed(16), [lent(mac, atOnce), own]).pp_ts ?? Number.NaN;
    expect(one / alone).toBeCloseTo(1, 1);
    const long = { ...question, nPrompt: 4096 };
    const longAlone = predictSpeed(long, mac)?.pp_ts ?? Number.NaN;
    const overlapped = speed(long, placed(16), [lent(mac, atOnce), own]).pp_ts ?? Number.NaN;
    expect(overlapped / longAlone).toBeGreaterThan(1.6);
    expect(overlapped / longAlone).toBeLessThan(2);
  });

  it("has a range that holds those of its parts, and a wider one where the link is only described", () => {
    const measured = speed(question, placed(16), [lent(mac, link), own]);
    expect(measured.low).toBeLessThan(measured.tg_ts);
    expect(measured.high).toBeGreaterThan(measured.tg_ts);
    const described = speed(question, placed(16), [lent(mac, { ...link, isMeasured: false }), own]);
    expect(described.low).toBeLessThan(measured.low);
    expect(described.high).toBeGreaterThan(measured.high);
  });

  it("is not predicted where nothing tells of a machine that holds layers", () => {
    expect(predictClusterSpeed(question, placed(16), [own])).toBeNull();
    const onHost = [...placed(16).slice(0, -1), null];
    expect(predictClusterSpeed(question, onHost, [lent(mac, link), own])).toBeNull();
    const holding = { ...own, holdsHost: true };
    expect(predictClusterSpeed(question, onHost, [lent(mac, link), holding])).not.toBeNull();
  });
});
