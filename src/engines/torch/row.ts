/** torch's row of the registry. */
import { defineEngine, type EngineTraits } from "../engine.ts";
import { pythonFlags } from "../python/flags.ts";

const traits: EngineTraits = {
  opens: "shapes",
  takes: ["device", "devices", "gpuBudgetBytes", "force", "nThreads"],
  runs: ["train", "copy", "read", "matmul"],
  asLlamaBench: false,
};

export const torch = defineEngine({
  ...traits,
  flags: pythonFlags,
  async start({ device, offline = false, own: { python = null, compile = false } }) {
    const { startPython } = await import("../python/pythonEngine.ts");
    return startPython({ name: "torch", traits, device, offline, python, compile });
  },
});
