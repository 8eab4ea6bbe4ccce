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

/** Launches of a case, or as many as its precision asks for. */
export type LaunchCount = number | "auto";

/**
 * With `auto`: two show too little of how launches differ, and Student's t is wide; most machines at rest need no more than
 * the usual number, and one that needs more than the most isn't at rest.
 */
export const autoLaunches = { least: 3, usual: 5, most: 10 } as const;

export function mostLaunches(launches: LaunchCount): number {
  return launches === "auto" ? autoLaunches.most : launches;
}

/** Two whole repetitions that differ by at most this share of the first agree, which ends the warm-up. */
export const warmupAgreement = 0.02;

/** Full repetitions until two agree, llama-bench's own, or none. */
export const warmups = ["full", "llama-bench", "none"] as const;
export type Warmup = (typeof warmups)[number];
