/** Flags under the keys that code knows them by. */
import type { Flag } from "./flag.ts";

export type FlagTable = Readonly<Record<string, Flag<unknown>>>;

/** The values of the flags that stood on the command line; the others are absent. */
export type Given<Flags extends FlagTable> = {
  readonly [Key in keyof Flags]?: Flags[Key] extends Flag<infer V> ? V : never;
};
