/** Machines at models of any size: what each is predicted to do, asked once for all that is drawn of it. */
import { getOrMake } from "../../base/getOrMake.ts";
import { leastCacheBytes } from "../../fit/caches/cacheBytes.ts";
import type { FitTrial } from "../../fit/fitTrial.ts";
import type { MemoryModel } from "../../fit/memoryModel.ts";
import { usualFitSettings } from "../../fit/memorySettings.ts";
import type { MemoryBudget } from "../../machine/memoryBudget.ts";
import type { FamilyName } from "../../predict/families/families.ts";
import { modelOfSize } from "../../predict/families/modelOfSize.ts";
import {
  placedIn,
  secondsFor,
  trialOn,
  type Estimate,
  type Placed,
  type PredictedMachine,
  type Work,
} from "../../predict/families/predictedMachine.ts";
import type { Machine } from "../machines.ts";

/** Null for a machine of which too little is known. */
export type PredictMachine = (machine: Machine) => PredictedMachine | null;

/** A model of a family, and a context that it is held with. */
export interface Size {
  readonly family: FamilyName;
  readonly weightsBytes: number;
  readonly contextTokens: number;
}

export interface Runner {
  /** The machine's. */
  readonly label: string;
  readonly predicted: PredictedMachine;
}

/** How a machine does a piece of work with a model that it runs. */
export interface TimedRun extends Placed {
  readonly label: string;
  readonly seconds: Estimate;
}

export class Runners {
  readonly all: readonly Runner[];
  readonly #models = new Map<string, MemoryModel>();
  readonly #trials = new Map<string, FitTrial>();
  readonly #placed = new Map<string, Placed | null>();

  constructor(machines: readonly Machine[], predict: PredictMachine) {
    this.all = machines.flatMap((machine) => {
      const predicted = predict(machine);
      return predicted === null ? [] : [{ label: machine.label, predicted }];
    });
  }

  /** Weights and KV cache. */
  neededBytes(size: Size): number {
    const { weightsBytes, contextTokens: nCtx } = size;
    return weightsBytes + leastCacheBytes(this.#model(size).caches, { ...usualFitSettings, nCtx });
  }

  /** Null where it doesn't run. */
  placed(runner: Runner, size: Size): Placed | null {
    return this.#placedWith(runner, size, runner.predicted.budget);
  }

  #placedWith(runner: Runner, size: Size, budget: MemoryBudget): Placed | null {
    const { label, predicted } = runner;
    const { family, weightsBytes, contextTokens } = size;
    const raised = budget === predicted.raisedBudget;
    const trialKey = `${label}\n${family} ${weightsBytes} ${raised}`;
    return getOrMake(this.#placed, `${trialKey} ${contextTokens}`, () => {
      const trial = getOrMake(this.#trials, trialKey, () =>
        trialOn(predicted, this.#model(size), budget),
      );
      return placedIn(trial, contextTokens);
    });
  }

  /** The time that a machine takes which runs it; null where nothing tells how fast. */
  timed(runner: Runner, size: Size, work: Work, placed: Placed): TimedRun | null {
    const seconds = secondsFor(work, runner.predicted, this.#model(size), placed.gpuLayers);
    return seconds && { ...placed, label: runner.label, seconds };
  }

  /** The time at a raised Metal limit, where that holds what the stock one doesn't; else null. */
  timedIfRaised(runner: Runner, size: Size, work: Work): TimedRun | null {
    const { raisedBudget } = runner.predicted;
    if (raisedBudget === null) return null;
    const placed = this.#placedWith(runner, size, raisedBudget);
    return placed?.held === true ? this.timed(runner, size, work, placed) : null;
  }

  /** All that run it, and of whom something tells how fast. */
  runsAt(size: Size, work: Work): TimedRun[] {
    return this.all.flatMap((runner) => {
      const placed = this.placed(runner, size);
      return placed === null ? [] : (this.timed(runner, size, work, placed) ?? []);
    });
  }

  #model({ family, weightsBytes }: Size): MemoryModel {
    return getOrMake(this.#models, `${family} ${weightsBytes}`, () =>
      modelOfSize(family, weightsBytes),
    );
  }
}
