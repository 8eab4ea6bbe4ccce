/** A line of llmbench's as `llmbench run` understands it. */
import { parseCommand } from "../../src/cli/parseCommand.ts";
import { run } from "../../src/commands/run.ts";
import { modelQuantizations } from "../../src/models/modelQuantizations.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { expandSettings } from "../../src/suite/expand.ts";
import { runSettings } from "../../src/suite/runSettings.ts";

/** The words that a shell makes of it. */
function wordsOf(line: string): string[] {
  return (line.match(/(?:[^\s']|'[^']*')+/g) ?? []).map((word) => word.replaceAll("'", ""));
}

export function understood(line: string) {
  const [program, command, ...argv] = wordsOf(line);
  if (program !== "llmbench" || command !== "run") throw new Error(`not llmbench run: ${line}`);
  const { settings } = runSettings(parseCommand("run", run, argv).given);
  return { settings, cases: expandSettings(settings, 1) };
}

/** Its model and quantization in the catalogue. */
export function catalogueModel({ settings }: ReturnType<typeof understood>) {
  const [spec = "", ...others] = settings.models;
  if (others.length > 0) throw new Error(`several models: ${settings.models.join(" ")}`);
  const model = resolveModel(spec);
  return { id: model.id, quantizations: modelQuantizations(model, settings) };
}
