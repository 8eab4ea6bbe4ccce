/** What ended a case's repetitions: their fixed number, one of the limits of `auto`, or the time of `--sustain`. */
export const stopReasons = [
  "repetitions",
  "precision",
  "max_time",
  "max_repetitions",
  "sustain",
] as const;
export type StopReason = (typeof stopReasons)[number];
