/** What may be said of pairs once they are spoken of together: what stands under Holm's correction over all of them. */
import type { Better } from "../../bench/metrics.ts";
import { betterSide, type Lacking, type SideName } from "./decision.ts";
import { edgeP, holm } from "./holm.ts";
import { ratioOf, winnerOf, type SpeedVerdict, type Verdict } from "./verdict.ts";

/** `open`: nothing is sure. */
export type JointAnswer = SideName | "equivalent" | "open";

/** A verdict where it survives Holm's correction over all of them; one without a spread stands by its own rule. */
export function jointAnswers(verdicts: readonly Verdict[], practical: number): JointAnswer[] {
  const answers = verdicts.map(answerOf);
  // Verdicts that fell short count as tried: the family is every one that has a spread.
  const kept = familyWise(
    verdicts.map((verdict, i) => {
      const ratio = ratioOf(verdict);
      const p = ratio === null ? null : edgeP(ratio, practical);
      return p !== null && answers[i] === "open" ? 1 : p;
    }),
  );
  return answers.map((answer, i) => (kept[i] === false ? "open" : answer));
}

function answerOf(verdict: Verdict): JointAnswer {
  switch (verdict.kind) {
    case "faster":
    case "only_one_on_gpu":
    case "only_one_runs":
      return winnerOf(verdict) ?? "open";
    case "equivalent":
      return "equivalent";
    case "inconclusive":
    case "none_runs":
    case "incomparable":
      return "open";
    default:
      return verdict satisfies never;
  }
}

/** Who wins, of the two sides; null for nobody. */
export function jointWinners(verdicts: readonly Verdict[], practical: number): (SideName | null)[] {
  return jointAnswers(verdicts, practical).map((answer) =>
    answer === "baseline" || answer === "other" ? answer : null,
  );
}

/** What may be said of a pair beside others. */
export type Standing =
  | { readonly kind: "faster"; readonly side: SideName }
  | { readonly kind: "equivalent" }
  /** Surely the better one, though perhaps not by a difference that matters. */
  | { readonly kind: "ahead"; readonly side: SideName }
  | { readonly kind: "undecided"; readonly lacking: Lacking };

export interface JudgedBySpeed {
  readonly verdict: SpeedVerdict;
  readonly better: Better;
}

/** Each with where it stands beside the others. */
export function standings<One extends JudgedBySpeed>(
  pairs: readonly One[],
  practical: number,
): { readonly pair: One; readonly standing: Standing }[] {
  const answers = jointAnswers(
    pairs.map(({ verdict }) => verdict),
    practical,
  );
  const open = pairs.filter((_, i) => answers[i] === "open");
  const leads = jointLeads(open);
  const ahead = new Map(open.map((pair, i) => [pair, leads[i] ?? null]));
  return pairs.map((pair, i) => ({
    pair,
    standing: standingOf(answers[i] ?? "open", pair.verdict, ahead.get(pair) ?? null),
  }));
}

function standingOf(answer: JointAnswer, verdict: SpeedVerdict, ahead: SideName | null): Standing {
  switch (answer) {
    case "baseline":
    case "other":
      return { kind: "faster", side: answer };
    case "equivalent":
      return { kind: "equivalent" };
    case "open":
      return ahead === null
        ? { kind: "undecided", lacking: lackingOf(verdict) }
        : { kind: "ahead", side: ahead };
    default:
      return answer satisfies never;
  }
}

/**
 * Which side is ahead at all, of pairs whose interval says that without saying that the difference matters; under Holm's
 * correction over the pairs given. Null where even that isn't sure, and of figures or builds that no interval decides.
 */
function jointLeads(pairs: readonly JudgedBySpeed[]): (SideName | null)[] {
  const ratios = pairs.map(({ verdict }) =>
    lackingOf(verdict) === "precision" ? verdict.ratio : null,
  );
  const kept = familyWise(ratios.map((ratio) => (ratio === null ? null : edgeP(ratio, 0))));
  return pairs.map(({ better }, i) =>
    kept[i] === true ? betterSide(ratios[i]?.log ?? 0, better) : null,
  );
}

/** A verdict that falls beside others lacks precision. */
function lackingOf(verdict: SpeedVerdict): Lacking {
  switch (verdict.kind) {
    case "faster":
    case "equivalent":
      return "precision";
    case "inconclusive":
      return verdict.lacking;
    default:
      return verdict satisfies never;
  }
}

/** Whether each hypothesis falls beside the others; null for what is none. */
function familyWise(ps: readonly (number | null)[]): (boolean | null)[] {
  const kept = holm(ps.filter((p) => p !== null))[Symbol.iterator]();
  return ps.map((p) => (p === null ? null : kept.next().value === true));
}
