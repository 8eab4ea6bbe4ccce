/** llama.cpp's row of the registry. */
import { settingNames } from "../../bench/settings.ts";
import { defineEngine, placingFlags, type EngineTraits } from "../engine.ts";
import { priorityRefused, refusedPriority } from "./niceness.ts";

const traits: EngineTraits = {
  opens: "files",
  takes: [...settingNames, ...placingFlags],
  runs: ["generate", "prompt", "both", "copy", "read", "matmul"],
  asLlamaBench: true,
};

export const llamaCpp = defineEngine({
  ...traits,
  flags: {},
  lacks({ priority }) {
    const code = refusedPriority(priority);
    return code === null ? null : priorityRefused(priority, code);
  },
  async start({ device }) {
    const { startLlamaCpp } = await import("./llamaCpp.ts");
    return startLlamaCpp(traits, { device });
  },
});
