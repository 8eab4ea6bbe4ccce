/**
 * Places of tensors by name, as llama-bench writes them: `ffn_.*_exps=CPU;output=CUDA1`
 * (`--override-tensor`, tools/llama-bench, llama.cpp v0.4.0).
 */

export interface TensorOverride {
  /** A regular expression that is looked for in the tensor's name. */
  readonly pattern: string;
  /** The engine's name of a buffer type: `CPU`, or a device's. */
  readonly buffer: string;
}

/** llama-bench's word for no override at all. */
const noOverride = "none";

export function tensorOverridesText(overrides: readonly TensorOverride[]): string {
  if (overrides.length === 0) return noOverride;
  return overrides.map(({ pattern, buffer }) => `${pattern}=${buffer}`).join(";");
}

/** The pattern ends at the first `=`. Undefined where there is none, or a pattern that is none. */
export function readTensorOverrides(text: string): readonly TensorOverride[] | undefined {
  const given = text.trim();
  if (given === "" || given === noOverride) return [];
  const overrides = given.split(";").map((part): TensorOverride => {
    const [pattern = "", ...rest] = part.split("=");
    return { pattern, buffer: rest.join("=") };
  });
  const sound = overrides.every(
    ({ pattern, buffer }) => pattern !== "" && buffer !== "" && expressionOf(pattern) !== null,
  );
  return sound ? overrides : undefined;
}

/** Which override decides about a tensor: the first whose pattern its name holds; null where none does. */
export function overrideOf(
  name: string,
  overrides: readonly TensorOverride[],
): TensorOverride | null {
  return overrides.find(({ pattern }) => expressionOf(pattern)?.test(name) === true) ?? null;
}

const expressions = new Map<string, RegExp | null>();

/** What POSIX calls classes, which C++ takes within ECMAScript's brackets ([re.grammar]). */
const posixClasses: Readonly<Record<string, string>> = {
  alnum: "a-zA-Z0-9",
  alpha: "a-zA-Z",
  digit: "0-9",
  lower: "a-z",
  upper: "A-Z",
  xdigit: "0-9a-fA-F",
  w: "\\w",
  d: "\\d",
  s: "\\s",
};

/** As C++'s `std::regex` reads it, whose default grammar is ECMAScript's; null for none. */
function expressionOf(pattern: string): RegExp | null {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const made = compile(
    pattern.replaceAll(/\[:(\w+):\]/g, (all, name: string) => posixClasses[name] ?? all),
  );
  expressions.set(pattern, made);
  return made;
}

function compile(pattern: string): RegExp | null {
  try {
    // oxlint-disable-next-line unicorn/require-unicode-regexp -- std::regex has no Unicode mode
    return new RegExp(pattern);
  } catch {
    return null;
  }
}
