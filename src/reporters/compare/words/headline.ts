/** The first words of a comparison: what all hold, what only some hold, what it rests on; each a sentence or two. */
import type { Headline } from "../../../compare/headline/headline.ts";
import { boxesSentence } from "./boxes.ts";
import { aloneSentence } from "./heldBySome.ts";
import { originSentence } from "./origin.ts";
import { sharedSentence } from "./heldByAll.ts";
import { thesis } from "./thesis.ts";

/** Empty where nothing can be compared. */
export function headlineSentences(headline: Headline): string[] {
  const { boxes, shared, alone, claim, machines } = headline;
  const isOneBox = boxes.length > 0 && machines.length === 2;
  const lines = [
    ...boxes.map(boxesSentence),
    // A machine is the same one with another beside it: what both hold was said with that.
    ...(shared === null || isOneBox ? [] : [sharedSentence(shared)]),
    ...(alone === null ? [] : [aloneSentence(alone)]),
    ...(claim === null ? [] : [thesis(claim, alone)]),
  ];
  return lines.length === 0 ? [] : [...lines, originSentence(machines)];
}
