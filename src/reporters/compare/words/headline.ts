/** The first words of a comparison: what all hold, what only some hold, what it rests on; each a sentence or two. */
import type { Headline } from "../../../compare/headline/headline.ts";
import { aloneSentence } from "./heldBySome.ts";
import { originSentence } from "./origin.ts";
import { sharedSentence } from "./heldByAll.ts";
import { thesis } from "./thesis.ts";

/** Empty where nothing can be compared. */
export function headlineSentences(headline: Headline): string[] {
  const { shared, alone, claim, machines } = headline;
  const lines = [
    ...(shared === null ? [] : [sharedSentence(shared)]),
    ...(alone === null ? [] : [aloneSentence(alone)]),
    ...(claim === null ? [] : [thesis(claim, alone)]),
  ];
  return lines.length === 0 ? [] : [...lines, originSentence(machines)];
}
