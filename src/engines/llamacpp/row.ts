/** llama.cpp's row of the registry. */
import { settingNames } from "../../bench/settings.ts";
import { defineEngine, placingFlags, type EngineTraits } from "../engine.ts";

const traits: EngineTraits = {
  opens: "files",
  takes: [...settingNames, ...placingFlags],
  runs: ["generate", "prompt", "both", "copy", "read", "matmul"],
  asLlamaBench: true,
};

export const llamaCpp = defineEngine({
  ...traits,
  flags: {},
  async start({ device }) {
    const { startLlamaCpp } = await import("./llamaCpp.ts");
    return startLlamaCpp(traits, { device });
  },
});
