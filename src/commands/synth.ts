import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { formatBytes } from "../base/bytes.ts";
import { toType } from "../base/invocation.ts";
import { LlmbenchError } from "../errors.ts";
import {
  quantizationNames,
  quantizationSynonyms,
  type Quantization,
} from "../gguf/quantizations.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import { planImitationOf } from "../models/imitationPlan.ts";
import { resolveModel, type DescribedModel } from "../models/resolveModel.ts";
import { resolveForWeights } from "../models/resolveRemoteModel.ts";
import { writeSyntheticFile } from "../models/syntheticFile.ts";
import { planSyntheticFile, type SyntheticPlan } from "../models/syntheticPlan.ts";
import { scalar, toggle } from "../flags/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { defaultQuantization } from "../suite/settings.ts";
import { text, word } from "../flags/valueKinds.ts";
import { askToWrite } from "../ui/askToWrite.ts";
import { createProgress, progressStyle } from "../ui/progress.ts";
import { weightsStep } from "../ui/weightsStep.ts";
import { defineCommand } from "./command.ts";
import { stoppable } from "../ui/interruption.ts";
import { TensorTypeQuestions } from "../usecases/tensorTypes.ts";

export const synth = defineCommand({
  help: "Write a model of synthetic weights: any shape, any quantization, loads like any other .gguf",
  flags: {
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
  },
  examples: [
    ["synth --model 70b --quant q4_k_m -o 70b.gguf", "Llama 2 70B at Q4_K_M, 39 GiB"],
    ["synth -m my-shape.yaml -q f16 -o mine.gguf", "a shape of your own"],
    ["synth --like theirs.gguf -o twin.gguf", "any architecture, any mix, with weights made here"],
    ["synth --like hf:user/repo:Q4_K_M -o twin.gguf", "the same, with no download of 40 GB"],
  ],
  async run({ model, quantization, like, output, force, yes, quiet }) {
    if (typeof model !== "string" && typeof like !== "string") throw needed("--model or --like");
    if (typeof output !== "string") throw needed("-o FILE");
    const path = resolve(output);
    if (existsSync(path) && force !== true) {
      throw new LlmbenchError("output", `${output} is there already; add --force to write over it`);
    }
    const { plan, name } = await planned({ model, quantization, like });
    const { fileBytes: bytes } = plan;
    const elsewhere = "give -o a file on another disk";
    const writing = { bytes, folder: dirname(path), elsewhere, yes: yes === true };
    if (!(await askToWrite(writing))) {
      throw new LlmbenchError("usage", "nothing was written");
    }
    await write(path, plan, name, quiet === true);
    console.log(`${output}: ${name}, ${formatBytes(bytes)}`);
    return 0;
  },
});

interface Asked {
  readonly model: unknown;
  readonly quantization: Quantization | undefined;
  readonly like: unknown;
}

async function planned({ model, quantization, like }: Asked): Promise<Planned> {
  if (typeof like === "string") {
    if (typeof model === "string" || quantization !== undefined) {
      const other = typeof model === "string" ? "--model" : "--quant";
      throw new LlmbenchError("usage", `${other} beside --like: the other model says it all`);
    }
    return imitation(like);
  }
  const described = describedModel(String(model));
  const types = quantization ?? defaultQuantization;
  return { plan: await ofShape(described, types), name: `${described.id} ${types}` };
}

interface Planned {
  readonly plan: SyntheticPlan;
  /** For people. */
  readonly name: string;
}

async function imitation(spec: string): Promise<Planned> {
  const model = await resolveForWeights(spec, "synthetic", cacheFolder());
  if (model.kind !== "file") {
    throw new LlmbenchError(
      "usage",
      `--like ${spec}: expected a .gguf or hf:user/repo:QUANT; a model of the catalogue is --model ${spec}`,
    );
  }
  return { plan: planImitationOf(model, cacheFolder()), name: `like ${spec}` };
}

function needed(flag: string): LlmbenchError {
  return new LlmbenchError("usage", `synth needs ${flag}; see ${toType("synth --help")}`);
}

function describedModel(spec: string): DescribedModel {
  const model = resolveModel(spec);
  if (model.kind !== "file") return model;
  throw new LlmbenchError(
    "usage",
    `--model ${spec} has weights already; --like ${spec} imitates it`,
  );
}

async function ofShape(
  { id, shape }: DescribedModel,
  quantization: Quantization,
): Promise<SyntheticPlan> {
  const questions = new TensorTypeQuestions();
  try {
    return await planSyntheticFile({ modelId: id, ...questions.question(shape, quantization) });
  } finally {
    await questions.close();
  }
}

async function write(
  path: string,
  plan: SyntheticPlan,
  name: string,
  quiet: boolean,
): Promise<void> {
  const progress = createProgress(progressStyle(quiet));
  progress.begin(weightsStep(name, plan.fileBytes));
  try {
    const onProgress = (bytesWritten: number) => progress.advance(bytesWritten);
    await stoppable((signal) => writeSyntheticFile(path, plan, { onProgress, signal }));
  } finally {
    progress.end();
  }
}
