import { formatBytes } from "../base/bytes.ts";
import { toType } from "../base/invocation.ts";
import { LlmbenchError } from "../errors.ts";
import { isRemote } from "../models/hub/remoteSpec.ts";
import { scalar, toggle } from "../flags/flag.ts";
import { matrixFlags } from "../suite/matrixFlags.ts";
import { runFlags } from "../suite/runFlags.ts";
import { defaultQuantization } from "../suite/settings.ts";
import { integer } from "../flags/valueKinds.ts";
import { createProgress, progressStyle } from "../ui/progress.ts";
import { defineCommand } from "./command.ts";
import { interruptedExitCode, stoppable, wasInterrupted } from "../ui/interruption.ts";
import {
  defaultParallel,
  maxParallel,
  pullModels,
  type Pulled,
  type Wanted,
} from "../usecases/pull.ts";

export const pull = defineCommand({
  help: "Download real weights, verified, and go on where a download stopped",
  flags: {
    quantizations: {
      ...matrixFlags.quantizations,
      help: `quantization of models without one (default: ${defaultQuantization} for the catalogue's)`,
    },
    parallel: scalar(integer(1, maxParallel), defaultParallel, {
      name: "parallel",
      help: "connections at once, over all files",
    }),
    yes: { ...runFlags.yes, help: "pull what doesn't fit this machine without asking" },
    json: toggle({ name: "json", help: "print JSON" }),
    quiet: runFlags.quiet,
    verbose: runFlags.verbose,
  },
  positionals: {
    name: "MODEL",
    help: "catalogue ids, hf:user/repo:QUANT, hf:user/repo/file.gguf, or addresses of .gguf files",
    min: 1,
    max: Infinity,
  },
  examples: [
    ["pull 8b --quant q4_k_m", "Llama 3.1 8B, from the repository that the catalogue names"],
    ["pull hf:bartowski/Meta-Llama-3.1-8B-Instruct-GGUF:Q8_0", "of a repository's many one"],
    ["pull https://example.com/model-00001-of-00003.gguf", "a file, and the others of its set"],
  ],
  async run({ quantizations, parallel = defaultParallel, yes, json, quiet }, specs) {
    const wanted: Wanted[] = [];
    for (const spec of specs) wanted.push(...(await wantedOf(spec, quantizations ?? null)));
    const progress = createProgress(progressStyle(quiet === true));
    let pulled: readonly Pulled[];
    try {
      pulled = await stoppable((signal) =>
        pullModels(wanted, { parallel, yes: yes === true, signal, progress }),
      );
    } catch (error) {
      if (!wasInterrupted()) throw error;
      const types = quantizations ? ["--quant", quantizations.join(",")] : [];
      const again = toType(["pull", ...specs, ...types].join(" "));
      progress.warn(`interrupted: what came so far is kept; go on with ${again}`);
      return interruptedExitCode;
    }
    console.log(json === true ? JSON.stringify(pulled, null, 2) : pulled.map(sheet).join("\n"));
    return 0;
  },
});

async function wantedOf(
  spec: string,
  quantizations: readonly string[] | null,
): Promise<readonly Wanted[]> {
  if (isRemote(spec)) {
    return (quantizations ?? [null]).map((quantization) => ({ spec, quantization }));
  }
  // The catalogue is read where it is needed.
  const { resolveModel } = await import("../models/resolveModel.ts");
  const { sourceSpec } = await import("../models/sourceSpec.ts");
  const model = resolveModel(spec);
  if (model.kind === "file") {
    throw new LlmbenchError("usage", `${spec} is on disk already; pull takes a model that isn't`);
  }
  const source = sourceSpec(model.description);
  return (quantizations ?? [defaultQuantization]).map((quantization) => ({
    spec: source,
    quantization,
  }));
}

function sheet({ files }: Pulled): string {
  return files
    .map(({ path, bytes, sha256, verified, present }) => {
      const checked = verified ? "verified" : "the server states no checksum";
      const digest = sha256 === null ? "" : `, SHA-256 ${sha256}`;
      return `${path}: ${formatBytes(bytes)}${present ? ", was there" : ""}${digest} (${checked})`;
    })
    .join("\n");
}
