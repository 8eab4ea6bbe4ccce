import { count } from "../base/count.ts";
import { formatBytes } from "../base/bytes.ts";
import { toType } from "../base/invocation.ts";
import { printable } from "../base/printable.ts";
import { LlmbenchError } from "../errors.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import { emptyCache, listCached } from "../models/cachedFiles.ts";
import { catalogue } from "../models/catalogue.ts";
import { localWeights, type LocalModel } from "../models/local/localModels.ts";
import type { ModelDescription } from "../models/modelDescription.ts";
import { resolveModel } from "../models/resolveModel.ts";
import { toggle } from "../flags/flag.ts";
import { runFlags } from "../suite/runFlags.ts";
import { inColumns, type TextColumn } from "../base/columns.ts";
import { wrapped } from "../base/wrap.ts";
import { tableWidth } from "../ui/terminal.ts";
import { defineCommand } from "./command.ts";
import { listModel, modelSheet, modelTable, type ListedModel } from "../usecases/modelList.ts";
import { TensorTypeQuestions } from "../usecases/tensorTypes.ts";

export const models = defineCommand({
  help: "List the models that llmbench knows, with the size of each quantization",
  flags: {
    local: toggle({
      name: "local",
      help: "list the real weights that are on disk: llmbench's, Hugging Face's, llama.cpp's, LM Studio's, Ollama's",
    }),
    cached: toggle({ name: "cached", help: "list the synthetic weights that are on disk instead" }),
    emptyCache: toggle({ name: "empty-cache", help: "remove the synthetic weights from the disk" }),
    json: toggle({ name: "json", help: "print JSON" }),
    verbose: runFlags.verbose,
  },
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
    if (given.cached === true || given.emptyCache === true || given.local === true) {
      if (specs[0] !== undefined) {
        const flag = given.local === true ? "--local" : "--cached";
        throw new LlmbenchError("usage", `unexpected argument ${specs[0]} beside ${flag}`);
      }
      if (given.local === true) {
        listLocal(given.json === true);
        return 0;
      }
      console.log(await (given.emptyCache ? emptied() : cached(given.json === true)));
      return 0;
    }
    const described = specs.length === 0 ? catalogue().models : specs.map(describedModel);
    const listed = await list(described, specs.length > 0);
    if (given.json) console.log(JSON.stringify(listed, null, 2));
    else console.log(specs.length > 0 ? sheets(listed) : modelTable(listed, tableWidth()));
    return 0;
  },
});

function sheets(listed: readonly ListedModel[]): string {
  return listed.map((model) => wrapped(modelSheet(model), tableWidth())).join("\n\n");
}

function describedModel(spec: string): ModelDescription {
  const model = resolveModel(spec);
  if (model.kind !== "file") return model.description;
  throw new LlmbenchError(
    "usage",
    `${spec} is a file: it has one quantization, ${model.quantization}`,
  );
}

async function list(
  described: readonly ModelDescription[],
  all: boolean,
): Promise<readonly ListedModel[]> {
  const questions = new TensorTypeQuestions();
  try {
    const listed: ListedModel[] = [];
    for (const model of described) listed.push(await listModel(model, all, questions));
    return listed;
  } finally {
    await questions.close();
  }
}

const sizedColumns: readonly TextColumn[] = [
  { heading: "model" },
  { heading: "quantization", names: true },
  { heading: "size", align: "right" },
];
const cachedColumns: readonly TextColumn[] = [
  ...sizedColumns,
  { heading: "made (UTC)" },
  { heading: "file" },
];
const localColumns: readonly TextColumn[] = [
  ...sizedColumns,
  { heading: "of" },
  { heading: "file" },
];

async function cached(json: boolean): Promise<string> {
  const files = await listCached(cacheFolder());
  if (json) return JSON.stringify(files, null, 2);
  if (files.length === 0) return `no synthetic weights in ${cacheFolder()}`;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = files.map(({ model, quantization, bytes, modifiedAt, path }) => [
    model,
    quantization,
    formatBytes(bytes),
    modifiedAt.toISOString().slice(0, 16).replace("T", " "),
    path,
  ]);
  const columns = inColumns(cachedColumns, rows, tableWidth());
  return `${columns}\n${count(files.length, "file")}, ${formatBytes(total)}`;
}

/** Files that can't be used are told of on stderr. */
function listLocal(json: boolean): void {
  const { models: found, broken } = localWeights(cacheFolder());
  for (const { owner, path, problem } of broken) {
    console.error(printable(`skipped, of ${owner}: ${path}: ${problem}`));
  }
  if (json) console.log(JSON.stringify(found.map(localFacts), null, 2));
  else if (found.length > 0) console.log(localTable(found));
  else console.log(`no real weights on disk; ${toType("pull --help")} tells how to get some`);
}

function localFacts(model: LocalModel) {
  const { id, architecture, quantization, bytes, parameters, owner, path } = model;
  return { id, architecture, quantization, bytes, parameters, owner, path };
}

function localTable(found: readonly LocalModel[]): string {
  const rows = found.map(({ id, quantization, bytes, owner, path }) => [
    printable(id),
    quantization ?? "?",
    formatBytes(bytes),
    owner,
    printable(path),
  ]);
  return inColumns(localColumns, rows, tableWidth());
}

async function emptied(): Promise<string> {
  const { files, bytes } = await emptyCache(cacheFolder());
  return `removed ${count(files, "file")}, ${formatBytes(bytes)}, from ${cacheFolder()}`;
}
