/** One command's command line and help, by yargs, from the command's table of flags. */
import yargs, { type Argv } from "yargs";
import { normalizeArgv } from "./normalizeArgv.ts";
import type { Command, FlagTable } from "../commands/command.ts";
import { LlmbenchError } from "../errors.ts";
import { ValueMismatch, type Flag } from "../suite/flag.ts";

/** Wider than this, a line of help is hard to follow. */
const maxHelpColumns = 110;

const parserConfiguration = {
  // `--no-kv-offload` is a flag's name, and neither `70b` nor `1-4` is a number.
  "boolean-negation": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "camel-case-expansion": false,
  "dot-notation": false,
} as const;

function group(flag: Flag<unknown>): string {
  if (flag.list)
    return "Cases (each combination of values is one; 128,256 and 1-4 are several values):";
  return flag.inSuite ? "Measurement and results:" : "This invocation:";
}

/** The default as it would be typed; null where the help text tells it or there is nothing to tell. */
function typedDefault({ initial }: Flag<unknown>): string | null {
  const values: unknown[] = Array.isArray(initial) ? initial : [initial];
  const words = values.filter((value) => typeof value === "string" || typeof value === "number");
  return words.length === 0 ? null : words.join(",");
}

function describe(flag: Flag<unknown>): string {
  const standard = typedDefault(flag);
  const choices = flag.choices.length > 0 && !flag.argument?.includes("|");
  return [
    flag.argument === null ? "" : `${flag.argument}: `,
    flag.help,
    choices ? `; ${flag.choices.join(", ")}` : "",
    standard === null ? "" : ` [${standard}]`,
  ].join("");
}

function build(name: string, command: Command, grouped: boolean): Argv {
  const { positionals } = command;
  const many = (positionals?.max ?? 0) > 1 ? "…" : "";
  const usage = positionals === undefined ? "" : ` ${positionals.name}${many}`;
  const parser = yargs()
    .scriptName("llmbench")
    .parserConfiguration(parserConfiguration)
    .usage(`llmbench ${name}${usage} [flags]\n\n${command.help}${positionalHelp(command)}`)
    .exitProcess(false)
    .fail(false)
    .strict()
    .version(false)
    .help()
    .alias("help", "h")
    .wrap(Math.min(maxHelpColumns, process.stdout.columns ?? maxHelpColumns));
  for (const flag of Object.values(command.flags)) {
    parser.option(flag.name, {
      alias: [...flag.aliases],
      describe: describe(flag),
      ...(flag.argument === null ? { boolean: true } : {}),
      ...(grouped ? { group: group(flag) } : {}),
    });
  }
  for (const [line, does] of command.examples) parser.example(`llmbench ${line}`, does);
  return parser;
}

function positionalHelp({ positionals }: Command): string {
  return positionals === undefined ? "" : `\n\n  ${positionals.name}  ${positionals.help}`;
}

export async function commandHelp(name: string, command: Command): Promise<string> {
  return build(name, command, name === "run").getHelp();
}

export interface ParsedCommand {
  readonly given: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

/** @throws LlmbenchError `usage`, naming what can't be understood. */
export async function parseCommand(
  name: string,
  command: Command,
  argv: readonly string[],
): Promise<ParsedCommand> {
  const parsed = await build(name, command, false)
    .strictOptions()
    .parseAsync(normalizeArgv(argv, command.flags));
  const positionals = parsed._.map(String);
  checkPositionals(name, command, positionals);
  return { given: readFlags(command.flags, parsed), positionals };
}

function readFlags(
  table: FlagTable,
  parsed: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const present = Object.entries(table).filter(([, { name }]) => parsed[name] !== undefined);
  return Object.fromEntries(present.map(([key, flag]) => [key, readFlag(flag, parsed[flag.name])]));
}

function readFlag(flag: Flag<unknown>, given: unknown): unknown {
  try {
    return flag.read(Array.isArray(given) ? given : [given]);
  } catch (error) {
    if (!(error instanceof ValueMismatch)) throw error;
    throw new LlmbenchError("usage", `--${flag.name}: ${error.message}`, { cause: error });
  }
}

function checkPositionals(name: string, { positionals }: Command, words: readonly string[]): void {
  const { min, max } = positionals ?? { min: 0, max: 0 };
  const extra = words[max];
  if (extra !== undefined) {
    throw new LlmbenchError("usage", `unexpected argument ${extra}; see llmbench ${name} --help`);
  }
  if (words.length < min) {
    const what = positionals?.name ?? "an argument";
    throw new LlmbenchError("usage", `llmbench ${name} needs ${what}; see llmbench ${name} --help`);
  }
}
