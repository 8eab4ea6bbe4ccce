/** The flags that an engine adds to a run's: their values for its start, and again from a journal. */
import { LlmbenchError } from "../errors.ts";
import { ValueMismatch } from "../flags/flag.ts";
import type { EngineRow } from "./engine.ts";

export type OwnValues = Readonly<Record<string, unknown>>;

/** Those of an engine's own flags, among a run's. */
export function ownValues(
  { flags }: Pick<EngineRow, "flags">,
  values: Readonly<Partial<Record<string, unknown>>>,
): OwnValues {
  return Object.fromEntries(Object.keys(flags).map((key) => [key, values[key]]));
}

/**
 * What a flag read once, it reads again.
 * @param place the journal's path, for errors
 * @throws {LlmbenchError} `input` for a value that the flag doesn't take.
 */
export function readOwnValues(
  { flags }: Pick<EngineRow, "flags">,
  kept: OwnValues,
  place: string,
): OwnValues {
  const read = Object.entries(flags).map(([key, flag]) => {
    const value = kept[key] ?? null;
    if (value === null) return [key, flag.initial] as const;
    try {
      return [key, flag.read([value])] as const;
    } catch (error) {
      if (!(error instanceof ValueMismatch)) throw error;
      throw new LlmbenchError("input", `${place}: options: own: ${key}: ${error.message}`);
    }
  });
  return Object.fromEntries(read);
}
