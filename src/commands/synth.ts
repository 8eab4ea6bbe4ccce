import { formatBytes } from "../base/bytes.ts";
import { toType } from "../base/invocation.ts";
import { LlmbenchError } from "../errors.ts";
import { scalar, toggle } from "../flags/flag.ts";
import type { Given } from "../flags/flagTable.ts";
import { text, word } from "../flags/valueKinds.ts";
import { quantizationNames, quantizationSynonyms } from "../gguf/quantizations.ts";
import { runFlags } from "../suite/runFlags.ts";
import { defaultQuantization } from "../suite/settings.ts";
import { createProgress, progressStyle } from "../ui/progress.ts";
import { synthesize, type Original } from "../usecases/synth.ts";
import { defineCommand } from "./command.ts";

const flags = {
  model: scalar(text("a catalogue id or a model .yaml", "MODEL"), null, {
    name: "model",
    aliases: ["m"],
    help: "catalogue id or alias (7b, llama-3.1-8b), or path to a model .yaml",
  }),
  quantization: scalar(word(quantizationNames, quantizationSynonyms), defaultQuantization, {
    name: "quant",
    aliases: ["q"],
    help: "quantization of the weights",
  }),
  like: scalar(text("a .gguf or hf:user/repo:QUANT", "MODEL"), null, {
    name: "like",
    help: "imitate this .gguf, or hf:user/repo:QUANT of which only the header is fetched: the same tensors of the same types",
  }),
  output: scalar(text("a file", "FILE"), null, {
    name: "output",
    aliases: ["o"],
    help: "the .gguf to write",
  }),
  force: toggle({ name: "force", help: "write over a file that is there" }),
  yes: runFlags.yes,
  quiet: runFlags.quiet,
  verbose: runFlags.verbose,
};

export const synth = defineCommand({
  help: "Write a model of synthetic weights: any shape, any quantization, loads like any other .gguf",
  flags,
  examples: [
    ["synth --model 70b --quant q4_k_m -o 70b.gguf", "Llama 2 70B at Q4_K_M, 39 GiB"],
    ["synth -m my-shape.yaml -q f16 -o mine.gguf", "a shape of your own"],
    ["synth --like theirs.gguf -o twin.gguf", "any architecture, any mix, with weights made here"],
    ["synth --like hf:user/repo:Q4_K_M -o twin.gguf", "the same, with no download of 40 GB"],
  ],
  async run(given) {
    const original = originalOf(given);
    const { output, force, yes, quiet } = given;
    if (typeof output !== "string") throw needed("-o FILE");
    const { name, bytes } = await synthesize(original, output, {
      force: force === true,
      yes: yes === true,
      progress: createProgress(progressStyle(quiet === true)),
    });
    console.log(`${output}: ${name}, ${formatBytes(bytes)}`);
    return 0;
  },
});

function originalOf({ model, quantization, like }: Given<typeof flags>): Original {
  if (typeof like !== "string") {
    if (typeof model !== "string") throw needed("--model or --like");
    return { model, quantization: quantization ?? defaultQuantization };
  }
  if (typeof model !== "string" && quantization === undefined) return { like };
  const other = typeof model === "string" ? "--model" : "--quant";
  throw new LlmbenchError("usage", `${other} beside --like: the other model says it all`);
}

function needed(flag: string): LlmbenchError {
  return new LlmbenchError("usage", `synth needs ${flag}; see ${toType("synth --help")}`);
}
