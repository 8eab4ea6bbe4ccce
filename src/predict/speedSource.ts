/** What a prediction stands on. */
import type { CaseRecord } from "../bench/record.ts";
import type { Datasheet } from "./datasheet.ts";

/** Strongest first. */
export const bases = ["measured here", "published", "datasheet"] as const;
export type Basis = (typeof bases)[number];

export interface SpeedSource {
  readonly datasheet: Datasheet;
  /** Cases of this very machine. */
  readonly measured: readonly CaseRecord[];
  /** Cases that others published of such a machine, a llama.cpp build each, oldest first. */
  readonly published: readonly (readonly CaseRecord[])[];
}

export function weakest(...some: readonly Basis[]): Basis {
  return some.reduce((a, b) => (bases.indexOf(a) > bases.indexOf(b) ? a : b));
}
