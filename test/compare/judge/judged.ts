/** What is judged of two cases, and said of it, all on one level. */
import type { CaseRecord } from "../../../src/bench/record.ts";
import { ratioInterval } from "../../../src/compare/judge/logRatio.ts";
import {
  judge,
  ratioOf,
  sideOf,
  winnerOf,
  type VerdictOptions,
} from "../../../src/compare/judge/verdict.ts";
import { differenceText } from "../../../src/reporters/compare/words/settings.ts";
import { basisOf } from "../../../src/reporters/compare/words/verdicts.ts";

export function judged(
  baseline: CaseRecord,
  other: CaseRecord,
  options: Partial<VerdictOptions> = {},
) {
  const match = { baseline: sideOf(baseline), other: sideOf(other), better: "higher" } as const;
  const { verdict, differences } = judge(match, {
    practical: 0.03,
    allow: new Set(),
    ...options,
  });
  const ratio = ratioOf(verdict);
  return {
    verdict: verdict.kind,
    winner: winnerOf(verdict),
    ratio,
    interval: ratio === null ? null : ratioInterval(ratio),
    basis: basisOf(verdict),
    settingsDiffer: differences.map(differenceText),
  };
}
