/** What may be said of pairs once they are spoken of together. */
import { edgeP, holm } from "./holm.ts";
import type { Judgement } from "./verdict.ts";

export type JointAnswer = "baseline" | "other" | "equivalent" | null;

/** A pair's verdict where it survives Holm's correction over all of them; one without a spread stands by its own rule. */
export function jointAnswers(pairs: readonly Judgement[], practical: number): JointAnswer[] {
  const answers = pairs.map(({ verdict, winner }) => (verdict === "equivalent" ? verdict : winner));
  // Pairs that fell short count as tried: the family is every pair that has a spread.
  const family = pairs.map(({ ratio }, i) => {
    const p = ratio === null ? null : edgeP(ratio, practical);
    return p !== null && answers[i] === null ? 1 : p;
  });
  const kept = holm(family.filter((p) => p !== null))[Symbol.iterator]();
  return answers.map((answer, i) => {
    if (family[i] === null) return answer;
    return kept.next().value === true ? answer : null;
  });
}

/**
 * Which side is ahead at all, of pairs whose interval says that without saying that the difference matters; under Holm's
 * correction over the pairs given. Null where even that isn't sure, and of figures or builds that no interval decides.
 */
export function jointLeads(pairs: readonly Judgement[]): ("baseline" | "other" | null)[] {
  const ps = pairs.map(({ ratio, lacking }) =>
    ratio === null || lacking !== null ? null : edgeP(ratio, 0),
  );
  const kept = holm(ps.filter((p) => p !== null))[Symbol.iterator]();
  return pairs.map(({ ratio }, i) => {
    if (ps[i] === null || kept.next().value !== true) return null;
    return (ratio?.log ?? 0) > 0 ? "other" : "baseline";
  });
}
