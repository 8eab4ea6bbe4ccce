import { count } from "../base/count.ts";
import { toType } from "../base/invocation.ts";
import { ownDevices } from "../bench/lentDevices.ts";
import type { Engine } from "../engines/engine.ts";
import { ownValues, type OwnValues } from "../engines/ownFlags.ts";
import { engineFlags, engineRow, usualEngine, type EngineName } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { describeDevices } from "../machine/devicesReport.ts";
import { gpuLibraryProblems, type BackendProblem } from "../machine/gpuLibraries.ts";
import { noGraphics, probeGraphics } from "../machine/graphics.ts";
import { noiseFolder, readNoise } from "../machine/noise.ts";
import { forgetRoofsHere, roofsHereFolder } from "../predict/roofsHere.ts";
import { forgetRowsHere, rowsHereFolder } from "../predict/rowsHere.ts";
import { probeMachine } from "../machine/probe.ts";
import { renderDevices } from "../machine/renderDevices.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import { toggle } from "../flags/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { createProgress, progressStyle } from "../ui/progress.ts";
import { tableWidth } from "../ui/terminal.ts";
import { defineCommand } from "./command.ts";
import { measureMachineNoise } from "../usecases/noise.ts";
import { refuseUntaken } from "../usecases/refuseUntaken.ts";

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
    const { json, noise, forgetSpeeds, engine: name = usualEngine, noLock, quiet } = given;
    const row = engineRow(name);
    refuseUntaken(given, name, row);
    if (noise === true && row.opens !== "files")
      throw new LlmbenchError("usage", `--noise launches a model file, and ${name} opens none`);
    const [probed, graphics, libraries] = await Promise.all([
      probeEngine(name, ownValues(row, given)),
      // The slowest question, and the only one that a broken driver can fail.
      probeGraphics().catch(() => noGraphics),
      gpuLibraryProblems(),
    ]);
    const { engine } = probed;
    try {
      const told = engine === null ? [] : ownDevices(engine.facts);
      const machine = await probeMachine({ gpus: told.length === 0 ? undefined : told, graphics });
      if (forgetSpeeds === true) {
        if (engine === null) throw noEngine("--forget-speeds", probed.problems);
        const cache = cacheFolder();
        const rows =
          (await forgetRowsHere(rowsHereFolder(cache), machine, engine.facts)) +
          (await forgetRoofsHere(roofsHereFolder(cache), machine, engine.facts));
        createProgress(progressStyle(quiet === true)).line(forgottenWords(rows));
      }
      if (noise === true) {
        if (engine === null) throw noEngine("--noise", probed.problems);
        const progress = createProgress(progressStyle(quiet === true));
        await measureMachineNoise({ engine, machine, progress, noLock: noLock === true });
      }
      const report = describeDevices({
        machine,
        engine: engine?.facts ?? null,
        graphics,
        problems: [...probed.problems, ...libraries],
        noise:
          engine === null ? null : readNoise(noiseFolder(cacheFolder()), machine, engine.facts),
      });
      process.stdout.write(
        json === true
          ? `${JSON.stringify(report, null, 2)}\n`
          : renderDevices(report, tableWidth()),
      );
    } finally {
      await engine?.close();
    }
    return 0;
  },
});

/** A machine where no engine loads is described too: that is when its owner asks. */
async function probeEngine(
  name: EngineName,
  own: OwnValues,
): Promise<{
  readonly engine: Engine | null;
  readonly problems: readonly BackendProblem[];
}> {
  try {
    return { engine: await engineRow(name).start({ device: "auto", own }), problems: [] };
  } catch (error) {
    if (!(error instanceof LlmbenchError)) throw error;
    return { engine: null, problems: [{ backend: "cpu", message: error.message }] };
  }
}

function noEngine(flag: string, problems: readonly BackendProblem[]): LlmbenchError {
  const why = problems.map(({ message }) => message).join("; ");
  return new LlmbenchError("engine", `${flag}: ${why}; see ${toType("devices")}`);
}

function forgottenWords(rows: number): string {
  return rows === 0
    ? "no speeds of earlier runs are kept here with this llama.cpp"
    : `forgotten: the speeds of ${count(rows, "case")} that earlier runs measured here with this llama.cpp`;
}
