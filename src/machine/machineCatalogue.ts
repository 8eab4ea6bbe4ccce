/** The machines that llmbench knows by name: those of `configs/machines/*.yaml`. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../base/packageFolder.ts";
import { didYouMean } from "../base/suggest.ts";
import { readYamlFile, shownPath } from "../base/yamlFile.ts";
import { LlmbenchError } from "../errors.ts";
import { describedMachines, type DescribedMachine } from "./describedMachine.ts";
import { machineFileSchema } from "./machineFile.ts";

/** @throws LlmbenchError `config` where a file is missing, malformed, or describes no machine. */
export function readMachineFile(path: string): DescribedMachine[] {
  const machines = describedMachines(readYamlFile(path, machineFileSchema));
  if (machines.length > 0) return machines;
  throw new LlmbenchError(
    "config",
    `${shownPath(path)}: describes no machine: expected a list under unified or discrete`,
  );
}

/** @throws LlmbenchError `config` where a file is malformed or claims a name that another has. */
export function readMachines(folder: string): DescribedMachine[] {
  const owners = new Map<string, string>();
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort(new Intl.Collator("en", { numeric: true }).compare)
    .flatMap((file) => {
      const path = join(folder, file);
      const machines = readMachineFile(path);
      for (const name of machines.flatMap(namesOf)) {
        const owner = owners.get(name);
        if (owner !== undefined) {
          throw new LlmbenchError(
            "config",
            `${shownPath(path)}: ${name} is described in ${owner} already`,
          );
        }
        owners.set(name, file);
      }
      return machines;
    });
}

function namesOf({ id, aliases }: DescribedMachine): string[] {
  return [id, ...aliases];
}

let shipped: readonly DescribedMachine[] | undefined;

/** The machines that come with llmbench, read once. */
export function loadMachines(): readonly DescribedMachine[] {
  shipped ??= readMachines(packageFolder("configs/machines"));
  return shipped;
}

/** `rtx-4090` of `rtx-4090-24gb`, and what is typed of it so far; two letters name nothing yet. */
function beginsLike(id: string, name: string): boolean {
  return id.startsWith(`${name}-`) || (name.length >= 5 && id.startsWith(name));
}

/**
 * The machine with this id or alias, any case; or all that a YAML file of the user's own describes.
 *
 * @throws LlmbenchError `usage` for a name that is unknown or means several machines, `config` for a bad file.
 */
export function findMachines(idOrPath: string): readonly DescribedMachine[] {
  if (/[/\\]|\.ya?ml$/i.test(idOrPath)) return readMachineFile(idOrPath);
  const name = idOrPath.toLowerCase();
  const machines = loadMachines();
  const found = machines.find(({ id, aliases }) => id === name || aliases.includes(name));
  if (found !== undefined) return [found];
  const alike = machines.map(({ id }) => id).filter((id) => beginsLike(id, name));
  if (alike.length > 0) {
    throw new LlmbenchError("usage", `machine ${idOrPath}: which one of ${alike.join(", ")}?`);
  }
  throw new LlmbenchError(
    "usage",
    `unknown machine ${JSON.stringify(idOrPath)}${didYouMean(name, machines.flatMap(namesOf))}: \`llmbench machines\` lists those it knows, and a path names a YAML file`,
  );
}
