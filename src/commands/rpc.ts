import { list, oneOf, scalar, toggle } from "../flags/flag.ts";
import { integer, someSeconds } from "../flags/valueKinds.ts";
import { matrixFlags } from "../suite/matrixFlags.ts";
import { runFlags } from "../suite/runFlags.ts";
import { engineFlags, lendingHost, lendingPeers, lendingPort } from "../engines/registry.ts";
import { createProgress, progressStyle } from "../ui/progress.ts";
import { purgeKeptTensors, serve } from "../usecases/serve.ts";
import { defineCommand } from "./command.ts";

export const rpc = defineCommand({
  help: "Lend this machine's devices to a run on another: llama.cpp's RPC server, of the very build that measures",
  flags: {
    port: scalar(integer(1, 65_534), lendingPort, {
      name: "port",
      help: "where it listens; the next port tells what serves",
    }),
    host: scalar(lendingHost(), null, {
      name: "host",
      help: "address to listen on (default: 127.0.0.1, with --allow this machine's beside those)",
    }),
    allow: list(lendingPeers(), null, {
      name: "allow",
      help: "private addresses that may connect from elsewhere, as 192.168.1.0/24 (default: none)",
    }),
    forSeconds: scalar(someSeconds(), null, {
      name: "for",
      help: "end by itself after this time, seconds or 2h (default: never; with --allow 2h)",
    }),
    device: { ...runFlags.device, help: "what computes: a backend, or the best that works here" },
    devices: oneOf(matrixFlags.devices),
    threads: scalar(integer(1, 1024), null, {
      name: "threads",
      aliases: ["t"],
      help: "threads of the CPU (default: as llama.cpp's own tools)",
    }),
    machineName: runFlags.machineName,
    keepTensors: toggle({
      name: "keep-tensors",
      help: "keep large tensors on this disk, so that they need not come again; anybody with this disk can read them",
    }),
    purgeTensors: toggle({
      name: "purge-tensors",
      help: "remove the tensors that were kept, and serve nothing",
    }),
    rpcLibrary: engineFlags.rpcLibrary,
    quiet: runFlags.quiet,
    verbose: runFlags.verbose,
  },
  examples: [
    ["rpc", "for this machine alone: from another through ssh -L (docs/clusters.md)"],
    ["rpc --allow 169.254.0.0/16", "over a cable between two machines, for two hours"],
    ["rpc --purge-tensors", "removes what --keep-tensors left on this disk"],
  ],
  async run(given) {
    const progress = createProgress(progressStyle(given.quiet === true));
    if (given.purgeTensors === true) {
      progress.line(await purgeKeptTensors());
      return 0;
    }
    await serve(given, progress);
    return 0;
  },
});
