/** `llmbench --help`: what there is, and where to read more. */
import yargs from "yargs";
import { program, toType } from "../base/invocation.ts";
import { commandNames, commands } from "../commands/registry.ts";

export async function overview(): Promise<string> {
  const parser = yargs()
    .scriptName(program())
    .usage(`${toType("[command] [flags]")}\n\nWhich machine should run this model?`)
    .exitProcess(false)
    .version(false)
    .help()
    .alias("help", "h")
    .option("version", { boolean: true, describe: "llmbench's version" });
  const all = await Promise.all(
    commandNames.map(async (name) => [name, await commands[name]()] as const),
  );
  for (const [name, { help, examples }] of all) {
    parser.command(name, name === "run" ? `${help} (without a command, too)` : help);
    const [line, does] = examples[0] ?? [];
    if (line !== undefined && does !== undefined) parser.example(toType(line), does);
  }
  return parser
    .epilog(`${toType("COMMAND --help")} shows a command's flags and examples.`)
    .getHelp();
}
