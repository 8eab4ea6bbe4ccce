/** Nearest known word to one that isn't known: for "did you mean …?". */
import { closest, distance } from "fastest-levenshtein";

/** The known word within a third of the typed word's length (two letters at least), any case; else null. */
export function suggest(typed: string, known: Iterable<string>): string | null {
  const candidates = new Map([...known].map((word) => [word.toLowerCase(), word]));
  if (candidates.size === 0 || typed === "") return null;
  const lower = typed.toLowerCase();
  const nearest = closest(lower, [...candidates.keys()]);
  const limit = Math.max(2, Math.floor(lower.length / 3));
  const edits = distance(lower, nearest);
  // Two edits turn any two-letter word into any other: such a suggestion would be noise.
  return edits <= limit && edits < nearest.length ? (candidates.get(nearest) ?? null) : null;
}

/** ` (did you mean q4_0?)`, or nothing where no known word is near. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const suggestion = suggest(typed, known);
  return suggestion === null ? "" : ` (did you mean ${suggestion}?)`;
}
