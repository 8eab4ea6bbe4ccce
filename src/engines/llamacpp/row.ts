/** llama.cpp's row of the registry. */
import { settingNames } from "../../bench/settings.ts";
import { scalar, toggle } from "../../flags/flag.ts";
import { text } from "../../flags/valueKinds.ts";
import { defineEngine, placingFlags, type EngineTraits } from "../engine.ts";
import { priorityRefused, refusedPriority } from "./niceness.ts";
import { endpoints } from "./rpc/endpoints.ts";

const traits: EngineTraits = {
  opens: "files",
  takes: [...settingNames, ...placingFlags],
  runs: ["generate", "prompt", "both", "copy", "read", "matmul"],
  asLlamaBench: true,
};

export const llamaCpp = defineEngine({
  ...traits,
  flags: {
    rpc: scalar(endpoints(), null, {
      name: "rpc",
      llamaBench: ["rpc"],
      besideResume: true,
      help: "machines whose devices take part; the command rpc lends them there",
    }),
    noBaseline: toggle({
      name: "no-baseline",
      help: "with --rpc: leave out what this machine does alone",
    }),
    rpcLibrary: scalar(text("a file", "FILE"), null, {
      name: "rpc-library",
      besideResume: true,
      help: "llama.cpp's RPC backend of this very build (default: compiled here, once)",
    }),
  },
  lacks({ priority }) {
    const code = refusedPriority(priority);
    return code === null ? null : priorityRefused(priority, code);
  },
  async start({ device, own }) {
    const { startLlamaCpp } = await import("./llamaCpp.ts");
    return startLlamaCpp(traits, { device, own });
  },
  async serve(ask) {
    const { serveRpc } = await import("./rpc/serve.ts");
    return serveRpc(ask);
  },
});
