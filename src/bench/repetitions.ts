/** How often a launch repeats its case, and what comes before. */

/** `-r auto`: repeat until the mean is known well enough, or the time is up. */
export interface AutoRepetitions {
  /** Half-width of the mean's 95% interval to reach, as a share of the mean. */
  readonly precision: number;
  /** Seconds that warm-ups and repetitions may take. */
  readonly maxSeconds: number;
  /** Repetitions that suffice by the scatter of the case's launches before; null where none told it yet. */
  readonly enough: number | null;
}

/** `--sustain`: repeat for a time, to see what speed the machine holds. */
export interface SustainedRepetitions {
  readonly sustainSeconds: number;
}

export type RepetitionRule = number | AutoRepetitions | SustainedRepetitions;

/** Two whole repetitions that differ by at most this share of the first agree, which ends the warm-up. */
export const warmupAgreement = 0.02;

/** Full repetitions until two agree, llama-bench's own, or none. */
export const warmups = ["full", "llama-bench", "none"] as const;
export type Warmup = (typeof warmups)[number];
