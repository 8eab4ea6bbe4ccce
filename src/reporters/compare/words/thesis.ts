/** "This machine wins for big-model inference", in one line of the answer; claim.ts tells it with its conditions. */
import type { Claim } from "../../../compare/claim.ts";
import type { Alone } from "../../../compare/headline/headline.ts";
import { useNames, type Use } from "../../../compare/headline/uses.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelName } from "../../../compare/modelNames.ts";
import type { LargestOnBoth } from "../../../compare/ranOnBoth.ts";
import { useWords } from "./heldBySome.ts";
import { listed } from "./phrases.ts";

/** `"m3-max wins for big-model inference": supported for chat, …`. */
export function thesis({ subject, against, answer, alone }: Claim, stands: Alone | null): string {
  const said = `"${subject.machine.label} wins for big-model inference"`;
  const models = listed(
    alone.usable.map(({ name }) => name),
    2,
  );
  switch (answer.kind) {
    case "supported": {
      const holds = `${subject.machine.label} alone holds ${models} on its GPU`;
      const { won, lost } = usesOf(subject.machine, stands);
      if (lost.length === 0) return `${said}: supported, because ${holds}.`;
      const how =
        won.length === 0 ? "not supported" : `supported ${listed(won)}, not ${listed(lost)}`;
      return `${said}: ${how}, because ${holds}, yet ${against.machine.label} with layers on its CPU is at least as soon ${listed(lost)}.`;
    }
    case "refuted":
      return `${said}: not supported, because ${against.machine.label} alone holds what is large here.`;
    case "divided":
      return `${said}: divided, because each alone holds a model that the other does not.`;
    case "slower":
      return `${said}: not supported, because ${against.machine.label} runs what it alone holds faster all the same.`;
    case "too_slow":
      return `${said}: not supported, because what it alone holds is too slow to use.`;
    case "not_written":
      return `${said}: not told here, because what only one of them holds was never measured writing.`;
    case "by_speed":
      return `${said}: ${bySpeedText(answer.largest)}.`;
    default:
      return answer satisfies never;
  }
}

/** Memory doesn't tell the two apart: speed does, at a model that is large for one of them. */
function bySpeedText(largest: LargestOnBoth): string {
  if (largest.kind === "none")
    return "not told here, because no model is known to fit one GPU and not the other, and none was measured writing on both";
  const { pairs, winner, size } = largest;
  switch (size) {
    case "small_for_both":
      return "not tested, because no model here is large for either";
    case "no_budget_known":
      return "not tested, because no GPU budget is known";
    case "large": {
      const models = [...new Set(pairs.map(({ model }) => modelName(model)))];
      const who =
        winner === null ? "neither surely writes faster" : `${winner.label} writes faster`;
      return `decided by speed alone, and with ${listed(models)}, the largest that both ran, ${who}`;
    }
    default:
      return size satisfies never;
  }
}

/** Uses at which the machine surely answers sooner, and those at which it doesn't. */
function usesOf(machine: Machine, alone: Alone | null) {
  const known =
    alone === null ? [] : useNames.filter((use) => alone.answers[use].kind !== "unknown");
  const wins = (use: Use) => {
    const answer = alone?.answers[use];
    return answer?.kind === "sooner" && answer.machine.label === machine.label;
  };
  return {
    won: known.filter(wins).map((use) => useWords[use]),
    lost: known.filter((use) => !wins(use)).map((use) => useWords[use]),
  };
}
