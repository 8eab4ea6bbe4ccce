/** `llmbench devices --noise`: measures how much launches differ here, and keeps it for rows that have only one. */
import type { Engine } from "../engines/engine.ts";
import { gpuDevices } from "../bench/gpuDevices.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { keepNoise, noiseFolder, type Noise } from "../machine/noise.ts";
import { isSoftwareDevice } from "../machine/offloadDevice.ts";
import { loadWarning, otherLoad } from "../machine/otherLoad.ts";
import { reserveMachine } from "../machine/reserve.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import { catalogue } from "../models/catalogue.ts";
import type { ModelDescription } from "../models/modelDescription.ts";
import { ensureSyntheticFile } from "../models/syntheticFile.ts";
import { measureNoise } from "../run/measureNoise.ts";
import { defaultQuantization } from "../suite/settings.ts";
import type { Progress } from "../ui/progress.ts";
import { weightsStep } from "../ui/byteSteps.ts";
import { stoppable } from "../ui/interruption.ts";
import { TensorTypeQuestions } from "./tensorTypes.ts";

/** A spread of eight is known to a third, and Student's t allows for that. */
const launches = 8;

/** Small enough for two minutes on two cores, large enough that the work and not its beginning is measured. */
const works = {
  cpu: { model: "tinyllama-1.1b", nPrompt: 64, nGen: 16 },
  gpu: { model: "tinyllama-1.1b", nPrompt: 512, nGen: 128 },
  software: { model: "toy-24m", nPrompt: 16, nGen: 4 },
} as const;

export interface NoiseRequest {
  readonly engine: Engine;
  readonly machine: MachineInfo;
  readonly progress: Progress;
  /** Beside other runs on this machine. */
  readonly noLock: boolean;
}

export async function measureMachineNoise(request: NoiseRequest): Promise<Noise> {
  const { engine, machine, progress, noLock } = request;
  const work = works[kindOf(engine)];
  const model = described(work.model);
  const name = `${model.id} ${defaultQuantization}`;
  // Before anything is written or loaded: that alone would disturb another run.
  const release = await reserveMachine(noLock);
  try {
    progress.line(
      `${launches} launches of ${name} on ${engine.facts.backend}: about two minutes on two cores, less on a GPU`,
    );
    const path = await weights(model, name, progress);
    const load = await loadWarning(await otherLoad());
    if (load !== null) progress.warn(`warning: ${load}; measure the noise again when it is quiet`);
    progress.begin({
      label: `noise: ${name}`,
      total: launches,
      describe: (done) => `launch ${Math.min(done + 1, launches)} of ${launches}`,
    });
    const noise = await stoppable((signal) =>
      measureNoise(
        engine,
        { ...work, path, model: name, threads: machine.default_threads, launches },
        signal,
        (done) => progress.advance(done),
      ),
    );
    await keepNoise(noiseFolder(cacheFolder()), machine, engine.facts, noise);
    return noise;
  } finally {
    progress.end();
    release();
  }
}

function kindOf({ facts }: Engine): keyof typeof works {
  const gpus = gpuDevices(facts);
  if (gpus.length === 0) return "cpu";
  return gpus.every(isSoftwareDevice) ? "software" : "gpu";
}

function described(id: string): ModelDescription {
  const model = catalogue().find(id);
  if (model === undefined) throw new Error(`the catalogue has no ${id}`);
  return model;
}

async function weights(model: ModelDescription, name: string, progress: Progress): Promise<string> {
  const questions = new TensorTypeQuestions();
  let begun = false;
  try {
    const onProgress = (done: number, total: number): void => {
      if (!begun) progress.begin(weightsStep(`synthetic weights of ${name}`, total));
      begun = true;
      progress.advance(done);
    };
    const question = questions.question(model.shape, defaultQuantization);
    const file = await stoppable((signal) =>
      ensureSyntheticFile({ modelId: model.id, ...question, signal, onProgress }),
    );
    return file.path;
  } finally {
    progress.end();
    await questions.close();
  }
}
