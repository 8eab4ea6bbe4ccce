/** All flags of `run`, as data: command line, suites, their JSON schema and help texts are derived from this table. */
import { engineFlags } from "../engines/registry.ts";
import type { Flag } from "../flags/flag.ts";
import { matrixFlags } from "./matrixFlags.ts";
import { runFlags } from "./runFlags.ts";

export const flags = { ...matrixFlags, ...runFlags, ...engineFlags } as const;

export type FlagKey = keyof typeof flags;
type ValueOf<F> = F extends Flag<infer V> ? V : never;
export type FlagValues = { readonly [Key in FlagKey]: ValueOf<(typeof flags)[Key]> };

export const flagKeys = Object.keys(flags) as readonly FlagKey[];

/** The flag under its key, with its value's type left open: for code that treats all flags alike. */
export function flagOf(key: FlagKey): Flag<unknown> {
  return flags[key];
}

/** Every name of a flag, the long one first. */
export function flagNames({
  name,
  aliases,
}: Pick<Flag<unknown>, "name" | "aliases">): readonly string[] {
  return [name, ...aliases];
}

const keysByName = new Map(
  flagKeys.flatMap((key) => flagNames(flagOf(key)).map((name) => [name, key] as const)),
);

export const allFlagNames: readonly string[] = [...keysByName.keys()];

/** Finds a flag by any of its names, `n_prompt` as well as `n-prompt`, since llama-bench takes both. */
export function flagKeyByName(name: string): FlagKey | undefined {
  return keysByName.get(name.replaceAll("_", "-"));
}

/** The same, where a value's look tells which of two flags it belongs to. */
export function flagKeyFor(name: string, value: unknown): FlagKey | undefined {
  const key = flagKeyByName(name);
  if (key === undefined) return undefined;
  const texts = [value].flat().filter((one) => typeof one === "string");
  const [other] = texts.flatMap((text) => flagOf(key).belongsTo(text) ?? []);
  return other === undefined ? key : flagKeyByName(other);
}
