/** What a prediction stands on. */
import type { CaseRecord } from "../bench/record.ts";
import type { Datasheet } from "./datasheet.ts";
import type { RoofsAt } from "./roofs.ts";
import { isSpoiled } from "./spoiledRows.ts";

/** Strongest first. */
export const bases = ["measured here", "roofline", "published", "datasheet"] as const;
export type Basis = (typeof bases)[number];

export interface SpeedSource {
  readonly datasheet: Datasheet;
  /** Cases of this very machine. */
  readonly measured: readonly CaseRecord[];
  /** Cases that others published of such a machine, a llama.cpp build each, oldest first. */
  readonly published: readonly (readonly CaseRecord[])[];
  /** What its memory and arithmetic were measured to do; null or left out where they weren't. */
  readonly roofs?: MachineRoofs | null;
}

export interface MachineRoofs {
  /** What models run on: the GPU, without one the CPU. */
  readonly device: RoofsAt;
  /** The CPU beside a GPU; null where there is none. */
  readonly host: RoofsAt | null;
}

export interface RowsOfBuild {
  readonly records: readonly CaseRecord[];
  readonly basis: Basis;
  /** Something held the machine back while they were measured. */
  readonly spoiled: boolean;
}

/**
 * The rows to learn from, in turn. What was spoiled tells nothing where there is anything better: sound rows, or what
 * others published, or the maker's word; where there is nothing else it stands in, and says so.
 */
export function buildsOf({ datasheet, measured, published }: SpeedSource): RowsOfBuild[] {
  const sound = [
    ...published.map((records) => soundOf(records, "published")),
    soundOf(measured, "measured here"),
  ].filter(({ records }) => records.length > 0);
  if (sound.length > 0 || datasheet.bandwidthBytesPerSecond !== null) return sound;
  const spoiled = measured.filter(isSpoiled);
  return spoiled.length === 0 ? [] : [{ records: spoiled, basis: "measured here", spoiled: true }];
}

function soundOf(records: readonly CaseRecord[], basis: Basis): RowsOfBuild {
  return { records: records.filter((one) => !isSpoiled(one)), basis, spoiled: false };
}

export function weakest(...some: readonly Basis[]): Basis {
  return some.reduce((a, b) => (bases.indexOf(a) > bases.indexOf(b) ? a : b));
}
