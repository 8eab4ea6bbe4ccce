/** Rewrites what llama-bench's users type into forms that an argument parser reads one way only. */
import { flagKeyByName, flagKeys, flagNames, flagOf } from "./flags.ts";

/** `-ngl` would be read as `-n -g -l`. */
const longForms = new Map<string, string>(
  flagKeys.flatMap((key) =>
    flagOf(key).llamaBench.map((form) => [`-${form}`, `--${flagOf(key).name}`] as const),
  ),
);

const takesValue = new Set<string>(
  flagKeys
    .filter((key) => flagOf(key).argument !== null)
    .flatMap((key) =>
      flagNames(flagOf(key)).map((name) => (name.length === 1 ? `-${name}` : `--${name}`)),
    ),
);

/**
 * `-ngl 99` → `--gpu-layers 99`, `--n_prompt 512` → `--n-prompt 512` as llama-bench takes it, and `-fa -1,0` → `--flash-attn=-1,0`,
 * since a value that begins with a dash would be taken for flags. What follows `--` is left alone.
 */
export function rewriteLlamaBenchForms(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  const [head, tail] = end < 0 ? [argv, []] : [argv.slice(0, end), argv.slice(end)];
  const rewritten: string[] = [];
  for (const argument of head) {
    const previous = rewritten.at(-1);
    if (previous !== undefined && takesValue.has(previous) && /^-\d/.test(argument)) {
      rewritten[rewritten.length - 1] = `${longName(previous)}=${argument}`;
    } else {
      rewritten.push(rewriteName(argument));
    }
  }
  return [...rewritten, ...tail];
}

function rewriteName(argument: string): string {
  const [, name = argument, value = ""] = /^([^=]+)(=.*)?$/s.exec(argument) ?? [];
  const long = longForms.get(name);
  if (long !== undefined) return long + value;
  return name.startsWith("--") && flagKeyByName(name.slice(2)) !== undefined
    ? name.replaceAll("_", "-") + value
    : argument;
}

/** `-p=-1` is ambiguous to parsers, `--n-prompt=-1` is not. */
function longName(argument: string): string {
  const key = flagKeyByName(argument.replace(/^-+/, ""));
  return key === undefined ? argument : `--${flagOf(key).name}`;
}
