import { openLlamaEngine } from "../engines/llamacpp/llamaEngine.ts";
import { LlmbenchError } from "../errors.ts";
import type { EngineInfo } from "../llamacpp/engineInfo.ts";
import { describeDevices } from "../machine/devicesReport.ts";
import { gpuLibraryProblems, type BackendProblem } from "../machine/gpuLibraries.ts";
import { noGraphics, probeGraphics } from "../machine/graphics.ts";
import { probeMachine } from "../machine/probe.ts";
import { renderDevices } from "../machine/renderDevices.ts";
import { toggle } from "../suite/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { defineCommand } from "./command.ts";

export const devices = defineCommand({
  help: "Show this machine: devices, memory, llama.cpp, what is missing and the way out",
  flags: {
    json: toggle({ name: "json", help: "print JSON" }),
    verbose: runFlags.verbose,
  },
  examples: [
    ["devices", "what llama.cpp can use of this machine"],
    ["devices --json", "the same for a program"],
  ],
  async run({ json }) {
    const [engine, graphics, libraries] = await Promise.all([
      probeEngine(),
      // The slowest question, and the only one that a broken driver can fail.
      probeGraphics().catch(() => noGraphics),
      gpuLibraryProblems(),
    ]);
    const machine = await probeMachine({ gpus: engine.info?.devices, graphics });
    const report = describeDevices({
      machine,
      engine: engine.info,
      graphics,
      problems: [...engine.problems, ...libraries],
    });
    process.stdout.write(
      json === true ? `${JSON.stringify(report, null, 2)}\n` : renderDevices(report),
    );
    return 0;
  },
});

/** A machine where no build of llama.cpp loads is described too: that is when its owner asks. */
async function probeEngine(): Promise<{
  readonly info: EngineInfo | null;
  readonly problems: readonly BackendProblem[];
}> {
  try {
    const { engine } = await openLlamaEngine("auto", async () => null);
    return { info: engine.info, problems: [] };
  } catch (error) {
    if (!(error instanceof LlmbenchError)) throw error;
    return { info: null, problems: [{ backend: "cpu", message: error.message }] };
  }
}
