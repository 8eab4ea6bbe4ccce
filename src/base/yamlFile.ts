/** Reads YAML that people write: bounded, with errors that name file, line and key. */
import { relative, sep } from "node:path";
import type { z } from "zod";
import { LlmbenchError } from "../errors.ts";
import { readForeign } from "./foreignFile.ts";
import { lazyPackage } from "./lazyPackage.ts";
import { madeAtSetup } from "./madeAtSetup.ts";
import { describeIssues } from "./schemaIssues.ts";

const yaml = lazyPackage("yaml");

/**
 * What the files that come with llmbench say: the parser takes a fifth of a second over them, which each command would.
 * undefined of any other text.
 */
export const knownYaml = madeAtSetup("known-yaml.json");

/**
 * Suites and descriptions are a few kilobytes; a larger file is another file than was meant. The library compares each key
 * with all before it: of this many bytes it takes less than a second.
 */
const maxBytes = 128 * 1024;

/** Aliases expand exponentially when nested ("billion laughs"); nobody writes so many by hand. */
const maxAliasCount = 50;

/**
 * Suites and descriptions nest four deep. The library reads by recursion, and Node may end without a word where it runs
 * out of stack, so that this is looked at beforehand.
 */
const maxNesting = 64;

/** Brackets that are open at once, and list marks at one line's beginning; those within quotes count too. */
function nestingOf(text: string): number {
  let [open, deepest] = [0, 0];
  for (const character of text) {
    if (character === "[" || character === "{") deepest = Math.max(deepest, ++open);
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
  }
  for (const [marks] of text.matchAll(/^(?:[ \t]*[-?](?=[ \t]))+/gmu)) {
    deepest = Math.max(deepest, marks.replaceAll(/[ \t]/gu, "").length);
  }
  return deepest;
}

/** The path as a user would type it from here, if that is shorter. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === "" || near.startsWith(`..${sep}`) ? path : near.split(sep).join("/");
}

/** @throws LlmbenchError `config`: missing or unreadable, too large, not YAML, empty. */
export function readYaml(path: string): unknown {
  return yamlIn(readText(path), path);
}

function yamlIn(text: string, path: string): unknown {
  const known = knownYaml(text);
  if (known !== undefined) return known;
  const refuse = (problem: string) => new LlmbenchError("config", `${shownPath(path)}: ${problem}`);
  if (nestingOf(text) > maxNesting) throw refuse(`nested more than ${maxNesting} deep`);
  const value = valueOf(text, refuse);
  if (value !== null && value !== undefined) return value;
  throw refuse("the file is empty");
}

/** @throws what `refuse` makes of a problem. */
function valueOf(text: string, refuse: (problem: string) => LlmbenchError): unknown {
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  try {
    // Told prettily, each error of thousands would go through the whole text. Of warnings nothing is to be printed.
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "error",
    });
    const [error] = document.errors;
    if (error !== undefined)
      throw refuse(`not valid YAML, line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
    const value: unknown = document.toJS({ maxAliasCount });
    // Whoever shows a value in a message walks it to its end.
    JSON.stringify(value);
    return value;
  } catch (cause) {
    if (cause instanceof LlmbenchError) throw cause;
    if (cause instanceof TypeError) throw refuse("an alias refers to what it stands in");
    // The library's answer to too many aliases, to one that refers to nothing, and to merges of what is no map.
    throw refuse(`not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function readText(path: string): string {
  try {
    const bytes = readForeign(path, maxBytes, { pipes: true });
    if (bytes !== null) return bytes.toString("utf8");
  } catch (cause) {
    throw new LlmbenchError("config", `${shownPath(path)}: ${unreadable(cause)}`, { cause });
  }
  const most = `such a file has ${maxBytes} bytes at most, and this one has more`;
  throw new LlmbenchError("config", `${shownPath(path)}: ${most}`);
}

function unreadable(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "no such file";
  if (code === "EISDIR") return "a folder, not a file";
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  return `can't be read: ${cause instanceof Error ? cause.message : String(cause)}`;
}

/**
 * What a file's value says, by its schema. `typedKey` gives a top-level key back as the file has it, where it was renamed.
 *
 * @throws LlmbenchError `config` where the value isn't what the schema says.
 */
export function parseYamlValue<T>(
  path: string,
  value: unknown,
  schema: z.ZodType<T>,
  typedKey?: (key: string) => string,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = describeIssues(parsed.error, value, schema, typedKey);
  throw new LlmbenchError("config", `${shownPath(path)}: ${problem}`);
}

/**
 * A YAML file as its schema describes it.
 * @param checked what the schema is known to make of a text; undefined where it has to be asked
 */
export function readYamlFile<T>(
  path: string,
  schema: z.ZodType<T>,
  checked: (text: string) => T | undefined = () => undefined,
): T {
  const text = readText(path);
  return checked(text) ?? parseYamlValue(path, yamlIn(text, path), schema);
}
