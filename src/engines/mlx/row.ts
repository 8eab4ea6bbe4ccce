/** mlx's row of the registry. */
import { defineEngine, type EngineTraits } from "../engine.ts";
import { pythonFlags } from "../python/flags.ts";

const traits: EngineTraits = {
  opens: "shapes",
  takes: ["device", "devices", "gpuBudgetBytes", "force"],
  runs: ["train", "copy", "read", "matmul"],
  steps: "lazy",
  asLlamaBench: false,
};

export const mlx = defineEngine({
  ...traits,
  flags: pythonFlags,
  async start({ device, offline = false, own: { python = null, compile = false } }) {
    const { startPython } = await import("../python/pythonEngine.ts");
    return startPython({ name: "mlx", traits, device, offline, python, compile });
  },
});
