/** Measures how much launches of one case differ on this machine: the same small work in one process after another. */
import { mean, sampleStandardDeviation } from "simple-statistics";
import { warmupAgreement } from "../bench/repetitions.ts";
import { usualContext } from "../bench/settings.ts";
import { repetitionTokens, workloadOf, type Workload } from "../bench/workload.ts";
import { wholeModel, type Engine, type RunRule, type Watch } from "../engines/engine.ts";
import type { Noise } from "../machine/noise.ts";

export interface NoiseWork {
  /** The GGUF, and its name in words. */
  readonly path: string;
  readonly model: string;
  readonly nPrompt: number;
  readonly nGen: number;
  readonly threads: number;
  readonly launches: number;
}

const repetitions = 5;
const timeoutSeconds = 600;

/** @throws {EngineError} where a launch fails; {Interrupted}. */
export async function measureNoise(
  engine: Engine,
  work: NoiseWork,
  signal: AbortSignal,
  onLaunch: (done: number) => void,
): Promise<Noise> {
  const watch: Watch = { signal, timeoutSeconds, onPhase() {}, onSample() {} };
  const prompts: number[] = [];
  const generations: number[] = [];
  for (let launch = 1; launch <= work.launches; launch++) {
    const session = await engine.open({ model: work.path, placement: wholeModel }, watch);
    try {
      const speed = async (workload: Workload) => {
        const { times } = await session.run(workload, ruleOf(work, launch), watch);
        const tokens = repetitionTokens(workload);
        return mean(times.samplesNs.map((ns) => tokens / ns));
      };
      prompts.push(await speed(workloadOf({ prompt: work.nPrompt, generated: 0, depth: 0 })));
      generations.push(await speed(workloadOf({ prompt: 0, generated: work.nGen, depth: 0 })));
    } finally {
      await session.close();
    }
    onLaunch(launch);
  }
  return {
    prompt_sd: relativeSd(prompts),
    generation_sd: relativeSd(generations),
    launches: work.launches,
    measured_on: `${work.model}, pp${work.nPrompt} and tg${work.nGen}`,
    measured_at: new Date().toISOString(),
  };
}

/** Of the launches' means. What the repetitions' scatter adds to it is left in: it errs on the wide side. */
function relativeSd(speeds: readonly number[]): number {
  return sampleStandardDeviation([...speeds]) / mean([...speeds]);
}

function ruleOf({ threads }: NoiseWork, launch: number): RunRule {
  return {
    context: { ...usualContext, nThreads: threads },
    repetitions,
    warmup: "full",
    agreement: warmupAgreement,
    delaySeconds: 0,
    seed: launch,
    mostSeconds: Infinity,
  };
}
