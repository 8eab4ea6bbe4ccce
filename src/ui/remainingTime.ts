/** How long a run still takes, guessed from how long its cases took so far. */
import { generatedTokens, isOfMachine, promptTokens, repetitionTokens } from "../bench/workload.ts";
import type { BenchCase } from "../plan/benchCase.ts";

/**
 * A prompt's tokens are computed together: one costs a fraction of a generated token, which reads all weights by itself.
 * From 5 on CPUs to 50 on GPUs in llama.cpp's scoreboards; only the weight of pp beside tg depends on it.
 */
const promptTokensPerGenerated = 10;

/** Forward, and twice that backward (decoderShape.ts, `trainingFlops`). */
const trainedPasses = 3;

/** Steps that show that it learns, before any is timed (engines/python/proof.ts), and one that warms up. */
const provingSteps = 5;

type Counted = Pick<BenchCase, "id" | "launches" | "variant" | "settings" | "training">;

/** How much there is to do, in a unit of no meaning: proportions count. Warm-up takes about one repetition; the depth is filled once. */
function workOf(
  { variant, settings: { workload }, training }: Counted,
  repetitions: number,
): number {
  if (training !== null) {
    const tokens = repetitionTokens(workload) / promptTokensPerGenerated;
    return training.weightsBytes * trainedPasses * tokens * (repetitions + provingSteps);
  }
  const read = promptTokens(workload) / promptTokensPerGenerated;
  // What computes no tokens takes some time, too.
  const tokens = Math.max(1 / promptTokensPerGenerated, generatedTokens(workload) + read);
  const fill = workload.depth / promptTokensPerGenerated;
  // Where nobody tells how large models are, they count alike.
  return (variant.weights.tensorBytes ?? 1) * (tokens * (repetitions + 1) + fill);
}

/** A launch that is under way. */
export interface UnderWay {
  readonly id: string;
  /** Since it began. */
  readonly seconds: number;
}

export class RemainingTime {
  private readonly left = new Map<string, { readonly work: number; launches: number }>();
  private readonly predictedSeconds: number | null;
  private readonly allWork: number;
  private workDone = 0;
  private secondsTaken = 0;

  /**
   * @param cases those that are still to be measured
   * @param repetitions null where each is repeated for the same time
   * @param predictedSeconds of all of them, which counts until one was measured; null where nothing tells
   */
  constructor(
    cases: readonly Counted[],
    repetitions: number | null,
    predictedSeconds: number | null,
  ) {
    // What the machine's own tests take says nothing of what models take.
    const counted = cases.filter(({ settings }) => !isOfMachine(settings.workload));
    for (const one of counted.length === 0 ? cases : counted) {
      const work = repetitions === null ? 1 : workOf(one, repetitions);
      this.left.set(one.id, { work, launches: one.launches });
    }
    this.predictedSeconds = predictedSeconds;
    this.allWork = this.workLeft();
  }

  launchTook(id: string, seconds: number): void {
    const one = this.left.get(id);
    if (one === undefined) return;
    one.launches -= 1;
    this.workDone += one.work;
    this.secondsTaken += seconds;
  }

  /** Has its result: nothing of it is left, whether it was tried or not. */
  finished(id: string): void {
    this.left.delete(id);
  }

  /** Null until something was measured, where nothing was predicted. It falls while a launch is under way. */
  seconds(underWay: UnderWay | null): number | null {
    const pace = this.secondsPerWork();
    if (pace === null) return null;
    const current = underWay === null ? 0 : (this.left.get(underWay.id)?.work ?? 0) * pace;
    return this.workLeft() * pace - Math.min(current, underWay?.seconds ?? 0);
  }

  private secondsPerWork(): number | null {
    if (this.workDone > 0) return this.secondsTaken / this.workDone;
    if (this.predictedSeconds === null || this.allWork === 0) return null;
    return this.predictedSeconds / this.allWork;
  }

  private workLeft(): number {
    return [...this.left.values()].reduce(
      (sum, { work, launches }) => sum + work * Math.max(0, launches),
      0,
    );
  }
}
