import { toType } from "../base/invocation.ts";
import type { Engine } from "../engines/engine.ts";
import { engines, usualEngine } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { describeDevices } from "../machine/devicesReport.ts";
import { gpuLibraryProblems, type BackendProblem } from "../machine/gpuLibraries.ts";
import { noGraphics, probeGraphics } from "../machine/graphics.ts";
import { noiseFolder, readNoise } from "../machine/noise.ts";
import { probeMachine } from "../machine/probe.ts";
import { renderDevices } from "../machine/renderDevices.ts";
import { cacheFolder } from "../models/cacheFolder.ts";
import { toggle } from "../suite/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { createProgress, progressStyle } from "../ui/progress.ts";
import { defineCommand } from "./command.ts";
import { measureMachineNoise } from "../usecases/noise.ts";

export const devices = defineCommand({
  help: "Show this machine: devices, memory, llama.cpp, what is missing and the way out",
  flags: {
    json: toggle({ name: "json", help: "print JSON" }),
    noise: toggle({
      name: "noise",
      help: "measure how much launches of one case differ here, in about two minutes, and keep it for later runs",
    }),
    noLock: runFlags.noLock,
    quiet: runFlags.quiet,
    verbose: runFlags.verbose,
  },
  examples: [
    ["devices", "what llama.cpp can use of this machine"],
    ["devices --json", "the same for a program"],
    ["devices --noise", "makes the intervals of rows with one launch this machine's own"],
  ],
  async run({ json, noise, noLock, quiet }) {
    const [probed, graphics, libraries] = await Promise.all([
      probeEngine(),
      // The slowest question, and the only one that a broken driver can fail.
      probeGraphics().catch(() => noGraphics),
      gpuLibraryProblems(),
    ]);
    const { engine } = probed;
    try {
      const machine = await probeMachine({ gpus: engine?.facts.devices, graphics });
      if (noise === true) {
        if (engine === null) throw new LlmbenchError("engine", noEngine(probed.problems));
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
        json === true ? `${JSON.stringify(report, null, 2)}\n` : renderDevices(report),
      );
    } finally {
      await engine?.close();
    }
    return 0;
  },
});

/** A machine where no build of llama.cpp loads is described too: that is when its owner asks. */
async function probeEngine(): Promise<{
  readonly engine: Engine | null;
  readonly problems: readonly BackendProblem[];
}> {
  try {
    return { engine: await engines[usualEngine].start({ device: "auto" }), problems: [] };
  } catch (error) {
    if (!(error instanceof LlmbenchError)) throw error;
    return { engine: null, problems: [{ backend: "cpu", message: error.message }] };
  }
}

function noEngine(problems: readonly BackendProblem[]): string {
  return `--noise: ${problems.map(({ message }) => message).join("; ")}; see ${toType("devices")}`;
}
