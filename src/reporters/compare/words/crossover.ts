/** Where one machine overtakes another, in words. */
import type { Crossover } from "../../../compare/crossover.ts";
import { caseName } from "../../../compare/modelNames.ts";
import { gib, listed } from "./phrases.ts";

export function crossoverText({ low, high, cause }: Crossover): string {
  const names = listed([low, high].map(({ pair }) => caseName(pair)));
  return (
    `${high.winner} overtakes ${low.winner} in token generation somewhere between ${gib(low.bytes)} and ` +
    `${gib(high.bytes)} of weights and KV cache, ${causeText[cause](low.winner)}; nothing was measured in between (${names})`
  );
}

const causeText = {
  speed: () => "by speed, not by memory",
  memory: (loser: string) => `where ${loser} no longer holds the model on its GPU`,
  not_memory: (loser: string) => `though ${loser} holds the model on its GPU`,
} as const satisfies Record<Crossover["cause"], (loser: string) => string>;
