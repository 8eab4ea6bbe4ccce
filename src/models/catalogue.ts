/** The models that llmbench knows by name: `models/*.yaml`, one a file. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { madeAtSetup } from "../base/madeAtSetup.ts";
import { packageFolder } from "../base/packageFolder.ts";
import { readYamlFile, shownPath } from "../base/yamlFile.ts";
import { LlmbenchError } from "../errors.ts";
import { modelDescriptionSchema, type ModelDescription } from "./modelDescription.ts";

/** Of files that were checked at set-up: counting the tensors of all shapes takes a tenth of a second. */
const knownDescription = madeAtSetup("known-models.json") as (
  text: string,
) => ModelDescription | undefined;

export interface Catalogue {
  /** By family, then size. */
  readonly models: readonly ModelDescription[];
  /** Ids and aliases. */
  readonly names: readonly string[];
  /** By id or alias, any case. */
  readonly find: (name: string) => ModelDescription | undefined;
}

/** @throws LlmbenchError `config` where a file is malformed, misnamed, or claims a name that another has. */
export function readCatalogue(folder: string): Catalogue {
  const byName = new Map<string, ModelDescription>();
  const models = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort(new Intl.Collator("en", { numeric: true }).compare)
    .map((name) => {
      const path = join(folder, `${name}.yaml`);
      const model = readYamlFile(path, modelDescriptionSchema, knownDescription);
      claimNames(path, model, byName);
      return model;
    });
  return { models, names: [...byName.keys()], find: (name) => byName.get(name.toLowerCase()) };
}

function claimNames(
  path: string,
  model: ModelDescription,
  byName: Map<string, ModelDescription>,
): void {
  const refuse = (problem: string) => new LlmbenchError("config", `${shownPath(path)}: ${problem}`);
  const fileName = basename(path, ".yaml");
  if (model.id !== fileName)
    throw refuse(`id: expected ${fileName}, the file's name, got ${model.id}`);
  for (const name of [model.id, ...model.aliases]) {
    const owner = byName.get(name);
    if (owner !== undefined) {
      throw refuse(`${name === model.id ? "id" : "aliases"}: ${name} already means ${owner.id}`);
    }
    byName.set(name, model);
  }
}

let shipped: Catalogue | undefined;

/** The catalogue that comes with llmbench, read once. */
export function catalogue(): Catalogue {
  shipped ??= readCatalogue(packageFolder("models"));
  return shipped;
}
