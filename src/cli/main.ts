/** argv → command → exit code. */
import { toType } from "../base/invocation.ts";
import { didYouMean } from "../base/suggest.ts";
import { llmbenchVersion } from "../base/version.ts";
import { commandNames, commands, isCommandName, type CommandName } from "../commands/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { interruptedExitCode, isInterruption } from "../ui/interruption.ts";
import { failureOf } from "./failure.ts";
import { parseCommand } from "./parseCommand.ts";

const asksForHelp = (argv: readonly string[]) => argv.includes("--help") || argv.includes("-h");

/** `llmbench` alone, and `llmbench --model …`, mean `run`. */
function pickCommand([first, ...rest]: readonly string[]): [CommandName, readonly string[]] {
  if (first === undefined) return ["run", []];
  if (first.startsWith("-")) return ["run", [first, ...rest]];
  if (isCommandName(first)) return [first, rest];
  const hint = didYouMean(first, commandNames) || `; see ${toType("--help")}`;
  throw new LlmbenchError("usage", `unknown command ${first}${hint}`);
}

/** `llmbench help fit` means `llmbench fit --help`. */
function helpAsFlag(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  return first === "help" ? [...rest, "--help"] : argv;
}

async function dispatch(typed: readonly string[]): Promise<number> {
  const argv = helpAsFlag(typed);
  if (argv[0] === "--version") {
    console.log(llmbenchVersion());
    return 0;
  }
  if (asksForHelp(argv) && argv[0]?.startsWith("-") === true) {
    const { overview } = await import("./overview.ts");
    console.log(await overview());
    return 0;
  }
  const [name, rest] = pickCommand(argv);
  const command = await commands[name]();
  if (asksForHelp(rest)) {
    const { commandHelp } = await import("./commandHelp.ts");
    console.log(await commandHelp(name, command));
    return 0;
  }
  const { given, positionals } = parseCommand(name, command, rest);
  return command.run(given, positionals);
}

/**
 * Says on stderr what went wrong. Returns the exit code.
 *
 * @param broken the message in lines that the terminal holds
 */
export function tellFailure(
  error: unknown,
  argv: readonly string[],
  broken: (text: string) => string = (text) => text,
): number {
  if (isInterruption(error)) return interruptedExitCode;
  const { message, exitCode } = failureOf(
    error,
    argv.some((word) => word === "--verbose" || word === "-v"),
  );
  console.error(broken(`llmbench: ${message}`));
  return exitCode;
}

/** Loaded where something went wrong alone: it takes longer than most commands. */
async function terminalLines(): Promise<(text: string) => string> {
  const { stderr } = process;
  const { wrapped } = await import("../base/wrap.ts");
  const { tableWidth } = await import("../ui/terminal.ts");
  return (text) => wrapped(text, tableWidth(stderr));
}

/** Returns the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    return tellFailure(error, argv, await terminalLines());
  }
}
