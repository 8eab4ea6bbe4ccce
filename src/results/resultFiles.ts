/** The files of a run's folder. All but the journal are made from it. */
export const resultFiles = {
  journal: "results.jsonl",
  csv: "results.csv",
  markdown: "report.md",
  html: "report.html",
} as const;
