/** What a command is: its flags as data, and what it does with the ones that were given. */
import type { FlagTable, Given } from "../flags/flagTable.ts";

/** What stands behind a command without a flag's name. */
export interface Positionals {
  /** Name in usage texts: `FILE`. */
  readonly name: string;
  readonly help: string;
  readonly min: number;
  readonly max: number;
}

export interface Command<Flags extends FlagTable = FlagTable> {
  readonly help: string;
  readonly flags: Flags;
  readonly positionals?: Positionals;
  /** Command lines without `llmbench`, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Returns the exit code. Throws `LlmbenchError` for what the user can mend. */
  run(given: Given<Flags>, positionals: readonly string[]): Promise<number>;
}

/** Ties the type of what `run` is given to the command's own flags. */
export function defineCommand<const Flags extends FlagTable>(
  command: Command<Flags>,
): Command<Flags> {
  return command;
}
