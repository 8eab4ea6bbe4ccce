/** How often a launch repeats its case, and what comes before. */

/** `-r auto`: repeat until the mean is known well enough, or the time is up. */
export interface AutoRepetitions {
  /** Half-width of the mean's 95% interval to reach, as a share of the mean. */
  readonly precision: number;
  /** Seconds that warm-ups and repetitions may take. */
  readonly maxSeconds: number;
}

/** `--sustain`: repeat for a time, to see what speed the machine holds. */
export interface SustainedRepetitions {
  readonly sustainSeconds: number;
}

export type RepetitionRule = number | AutoRepetitions | SustainedRepetitions;

/** Full repetitions until two agree, llama-bench's own, or none. */
export const warmups = ["full", "llama-bench", "none"] as const;
export type Warmup = (typeof warmups)[number];
