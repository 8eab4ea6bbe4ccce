/** Options of a run whose launches repeat until their mean is known: `-r auto`. */
export const auto = {
  repetitions: "auto",
  precision: 0.01,
  maxTimeSeconds: 120,
  sustainSeconds: null,
  launches: 1,
} as const;
