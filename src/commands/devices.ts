import { ownValues } from "../engines/ownFlags.ts";
import { engineFlags, engineRow, usualEngine } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { toggle } from "../flags/flag.ts";
import { renderDevices } from "../machine/renderDevices.ts";
import { runFlags } from "../suite/runFlags.ts";
import { createProgress, progressStyle } from "../ui/progress.ts";
import { tableWidth } from "../ui/terminal.ts";
import { devicesHere } from "../usecases/devices.ts";
import { refuseUntaken } from "../usecases/refusals.ts";
import { defineCommand } from "./command.ts";

export const devices = defineCommand({
  help: "Show this machine: devices, memory, llama.cpp, what is missing and the way out",
  flags: {
    json: toggle({ name: "json", help: "print JSON" }),
    noise: toggle({
      name: "noise",
      help: "measure how much launches of one case differ here, in about two minutes, and keep it for later runs",
    }),
    engine: runFlags.engine,
    ...engineFlags,
    forgetSpeeds: toggle({
      name: "forget-speeds",
      help: "forget how fast earlier runs were here: predictions stand on published rows and datasheets again",
    }),
    noLock: runFlags.noLock,
    quiet: runFlags.quiet,
    verbose: runFlags.verbose,
  },
  examples: [
    ["devices", "what llama.cpp can use of this machine"],
    ["devices --json", "the same for a program"],
    ["devices --noise", "makes the intervals of rows with one launch this machine's own"],
    ["devices --forget-speeds", "after runs beside other programs, or on a machine that changed"],
  ],
  async run(given) {
    const { json, engine = usualEngine, noise = false, noLock = false } = given;
    const row = engineRow(engine);
    refuseUntaken(given, engine, row);
    if (noise && row.opens !== "files")
      throw new LlmbenchError("usage", `--noise launches a model file, and ${engine} opens none`);
    const report = await devicesHere({
      engine,
      own: ownValues(row, given),
      forgetSpeeds: given.forgetSpeeds === true,
      noise,
      noLock,
      progress: createProgress(progressStyle(given.quiet === true)),
    });
    const text =
      json === true ? `${JSON.stringify(report, null, 2)}\n` : renderDevices(report, tableWidth());
    process.stdout.write(text);
    return 0;
  },
});
