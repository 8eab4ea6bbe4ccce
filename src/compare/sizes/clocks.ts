/** What a map of sizes is timed by, for as many tokens as the context holds in the end. */
import type { Work } from "../../predict/families/predictedMachine.ts";
import { tokensOf, type NamedMix } from "../answers/mixes.ts";

export type Clock =
  /** One token, behind all the others. */
  | { readonly kind: "writing" }
  /** A whole answer, with the mix's share of it read. */
  | { readonly kind: "answer"; readonly mix: NamedMix };

export function workOf(clock: Clock, contextTokens: number): Work {
  switch (clock.kind) {
    case "writing":
      return { depth: contextTokens - 1, promptTokens: 0, outputTokens: 1 };
    case "answer": {
      const { mix } = clock;
      const promptTokens = Math.round((contextTokens * mix.promptTokens) / tokensOf(mix));
      return { depth: 0, promptTokens, outputTokens: contextTokens - promptTokens };
    }
    default:
      return clock satisfies never;
  }
}
