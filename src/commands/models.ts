import { wrapped } from "../base/wrap.ts";
import { LlmbenchError } from "../errors.ts";
import { toggle } from "../flags/flag.ts";
import type { Given } from "../flags/flagTable.ts";
import { runFlags } from "../suite/runFlags.ts";
import { tableWidth } from "../ui/terminal.ts";
import { listModels, modelSheet, modelTable } from "../usecases/modelList.ts";
import { cachedWeights, emptiedCache, realWeights } from "../usecases/weightsOnDisk.ts";
import { defineCommand } from "./command.ts";

const flags = {
  local: toggle({
    name: "local",
    help: "list the real weights that are on disk: llmbench's, Hugging Face's, llama.cpp's, LM Studio's, Ollama's",
  }),
  cached: toggle({ name: "cached", help: "list the synthetic weights that are on disk instead" }),
  emptyCache: toggle({ name: "empty-cache", help: "remove the synthetic weights from the disk" }),
  json: toggle({ name: "json", help: "print JSON" }),
  verbose: runFlags.verbose,
};

export const models = defineCommand({
  help: "List the models that llmbench knows, with the size of each quantization",
  flags,
  positionals: {
    name: "MODEL",
    help: "catalogue ids or .yaml files: lists every quantization of these",
    min: 0,
    max: Infinity,
  },
  examples: [
    ["models", "the catalogue"],
    ["models 70b", "every quantization of Llama 2 70B, smallest first"],
    ["models --local", "the real weights on disk, whoever downloaded them"],
    ["models --cached", "the synthetic weights on disk"],
    ["models --empty-cache", "removes them"],
  ],
  async run(given, specs) {
    const form = { json: given.json === true, width: tableWidth() };
    const asked = onDisk(given, specs);
    switch (asked) {
      case "local":
        console.log(realWeights(form, (text) => console.error(text)));
        break;
      case "cached":
        console.log(await cachedWeights(form));
        break;
      case "emptyCache":
        console.log(await emptiedCache());
        break;
      case null:
        console.log(await catalogueText(specs, form));
        break;
      default:
        asked satisfies never;
    }
    return 0;
  },
});

const disk = ["local", "cached", "emptyCache"] as const;

/**
 * What is asked of the disk; null where the catalogue is asked.
 * @throws LlmbenchError `usage` for two such questions, and for models beside one.
 */
function onDisk(
  given: Given<typeof flags>,
  [spec]: readonly string[],
): (typeof disk)[number] | null {
  const [asked = null, another] = disk.filter((key) => given[key] === true);
  if (asked === null) return null;
  const name = `--${flags[asked].name}`;
  if (another !== undefined)
    throw new LlmbenchError("usage", `${name} and --${flags[another].name}: give one of them`);
  if (spec !== undefined)
    throw new LlmbenchError("usage", `unexpected argument ${spec} beside ${name}`);
  return asked;
}

async function catalogueText(
  specs: readonly string[],
  { json, width }: { readonly json: boolean; readonly width: number },
): Promise<string> {
  const listed = await listModels(specs);
  if (json) return JSON.stringify(listed, null, 2);
  if (specs.length === 0) return modelTable(listed, width);
  return listed.map((model) => wrapped(modelSheet(model), width)).join("\n\n");
}
