/** One command's `--help`, by yargs, from the command's table of flags. */
import yargs from "yargs";
import { program, toType } from "../base/invocation.ts";
import type { Command } from "../commands/command.ts";
import type { Flag } from "../flags/flag.ts";
import { terminalWidth } from "../ui/terminal.ts";

/** Wider than this, a line of help is hard to follow. */
const maxHelpColumns = 110;

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
  const choices = flag.choices.length > 1 && !flag.argument?.includes("|");
  return [
    flag.argument === null ? "" : `${flag.argument}: `,
    flag.help,
    choices ? `; ${flag.choices.join(", ")}` : "",
    standard === null ? "" : ` [${standard}]`,
  ].join("");
}

export async function commandHelp(name: string, command: Command): Promise<string> {
  const parser = yargs()
    .scriptName(program())
    .usage(
      `${toType(name)}${positionalUsage(command)} [flags]\n\n${command.help}${positionalHelp(command)}`,
    )
    .exitProcess(false)
    .version(false)
    .help()
    .alias("help", "h")
    .wrap(Math.min(maxHelpColumns, terminalWidth()));
  for (const flag of Object.values(command.flags)) {
    parser.option(flag.name, {
      alias: [...flag.aliases],
      describe: describe(flag),
      ...(flag.argument === null ? { boolean: true } : {}),
      ...(name === "run" ? { group: group(flag) } : {}),
    });
  }
  for (const [line, does] of command.examples) parser.example(toType(line), does);
  return parser.getHelp();
}

/** ` FILE…`, and in brackets what may be left out: ` [MODEL…]`. */
function positionalUsage({ positionals }: Command): string {
  if (positionals === undefined) return "";
  const words = `${positionals.name}${positionals.max > 1 ? "…" : ""}`;
  return positionals.min === 0 ? ` [${words}]` : ` ${words}`;
}

function positionalHelp({ positionals }: Command): string {
  return positionals === undefined ? "" : `\n\n  ${positionals.name}  ${positionals.help}`;
}
