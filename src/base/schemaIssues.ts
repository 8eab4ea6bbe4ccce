/** What zod found wrong with foreign input, in llmbench's words: `shape.n_heads: expected a whole number, got "x"`. */
import { z } from "zod";
import { short, showValue } from "./showValue.ts";
import { didYouMean } from "./suggest.ts";

type Path = readonly PropertyKey[];

const expectations: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "keys with values",
};

/** `quant[2]`, `rope.freq_base`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

/** The issue to mend first, with its place, and how many more there are. A misspelt key is why another is missing. */
export function describeIssues(
  error: z.ZodError,
  input: unknown,
  schema: z.ZodType,
  typedKey = (key: string) => key,
): string {
  const { issues } = error;
  const first = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (first === undefined) return "not valid";
  const place = formatPath(
    first.path.map((key, depth) => (depth === 0 ? typedKey(String(key)) : key)),
  );
  const more = issues.length === 1 ? "" : ` (and ${issues.length - 1} more)`;
  return `${place === "" ? "" : `${short(place, 120)}: `}${describe(first, input, schema)}${more}`;
}

/** More keys than these are no help in an error's line. */
const mostKeysListed = 8;

/** The key that was meant, or all of a few that there are. */
function insteadOf(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  if (meant !== "" || known.length === 0 || known.length > mostKeysListed) return meant;
  return `, expected ${known.length > 1 ? "one of " : ""}${known.join(", ")}`;
}

function describe(issue: z.core.$ZodIssue, input: unknown, schema: z.ZodType): string {
  const got = () => `, got ${showValue(valueAt(input, issue.path))}`;
  switch (issue.code) {
    case "unrecognized_keys": {
      const [key = ""] = issue.keys;
      return `unknown key ${showValue(key)}${insteadOf(key, keysAt(schema, issue.path))}`;
    }
    case "invalid_type":
      return `expected ${expectations[issue.expected] ?? issue.expected}${got()}`;
    case "invalid_value": {
      const value = valueAt(input, issue.path);
      const allowed = issue.values.map(String);
      const hint = typeof value === "string" ? didYouMean(value, allowed) : "";
      return `expected ${allowed.length > 1 ? "one of " : ""}${allowed.join(", ")}${got()}${hint}`;
    }
    case "too_small":
      return `expected ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${got()}`;
    case "too_big":
      return `expected ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${got()}`;
    case "invalid_format":
      return `${issue.message}${got()}`;
    case "custom":
    case "invalid_element":
    case "invalid_key":
    case "invalid_union":
    case "not_multiple_of":
      break;
  }
  return issue.message;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}

/** Keys that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let found: unknown = schema;
  for (const key of [...path, null]) {
    while (
      found instanceof z.ZodOptional ||
      found instanceof z.ZodNullable ||
      found instanceof z.ZodDefault
    ) {
      found = found.unwrap();
    }
    if (key === null) break;
    if (found instanceof z.ZodObject) found = found.shape[String(key)];
    else if (found instanceof z.ZodArray) found = found.element;
  }
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}
