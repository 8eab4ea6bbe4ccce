/** The machines that llmbench knows by name: those of `configs/machines/*.yaml`. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { toType } from "../base/invocation.ts";
import { packageFolder } from "../base/packageFolder.ts";
import { squeezed } from "../base/squeezed.ts";
import { didYouMean } from "../base/suggest.ts";
import { readYamlFile, shownPath } from "../base/yamlFile.ts";
import { LlmbenchError } from "../errors.ts";
import { composedMachine } from "./composedMachine.ts";
import type { DescribedMachine } from "./describedMachine.ts";
import { describedMachines } from "./machinesOfFile.ts";
import { backendInName, hasBackend, underBackend } from "./otherBackend.ts";
import { machineFileSchema } from "./machineFile.ts";

/** @throws LlmbenchError `config` where a file is missing, malformed, or describes no machine. */
export function readMachineFile(path: string): DescribedMachine[] {
  const machines = describedMachines(readYamlFile(path, machineFileSchema));
  if (machines.length > 0) return machines;
  throw new LlmbenchError(
    "config",
    `${shownPath(path)}: describes no machine: expected a list under unified, discrete or servers`,
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

/** What is typed of `rtx-4090-24gb` so far, `rtx-40`; two letters name nothing yet. */
function beginsLike(known: string, name: string): boolean {
  return known.startsWith(`${name}-`) || (name.length >= 5 && known.startsWith(name));
}

/** `4090` and `m3-max-64gb` of `rtx-4090-24gb` and `m3-max-40c-64gb`: all parts are there, others between them. */
function hasParts(known: string, name: string): boolean {
  const parts = new Set(known.split("-"));
  return name.split("-").every((part) => parts.has(part));
}

/** `3x-rtx-3090` names a number of a card that could be one of these. */
function alikeWithCount(name: string, machines: readonly DescribedMachine[]): string[] {
  const [, times, card = ""] = /^(\d+x-)(.+)$/.exec(name) ?? [];
  if (times === undefined) return [];
  const single = machines.filter(({ unified, gpu }) => !unified && gpu.count === 1);
  return alikeOf(card, single).map((one) => times + one);
}

/** `40c` of `m3-max-40c-64gb` where `m3max64gb` is typed; null for a name whose parts, in their order, aren't what is typed. */
function unsaidParts(known: string, typed: string): string[] | null {
  const [first = "", ...parts] = known.split("-");
  if (first === "" || !typed.startsWith(first)) return null;
  const unsaid: string[] = [];
  let left = typed.slice(first.length);
  for (const part of parts) {
    if (left.startsWith(part)) left = left.slice(part.length);
    else unsaid.push(part);
  }
  return left === "" ? unsaid : null;
}

/** Memory and cores are left out where they go without saying; a laptop's card is another one than a desktop's. */
const goesWithoutSaying = /^\d+(?:gb|c)$/;

/**
 * All machines that a typed name may mean, those of exactly that name alone where there are some.
 * Empty where none is called like it.
 */
export function machinesLike(name: string): readonly DescribedMachine[] {
  const named = backendInName(name.toLowerCase());
  if (named !== null) {
    return machinesLike(named.name)
      .filter((machine) => hasBackend(machine, named.backend))
      .map((machine) => underBackend(machine, named.backend));
  }
  const machines = loadMachines();
  const typed = squeezed(name);
  const exact = machines.filter((machine) =>
    namesOf(machine).some((one) => squeezed(one) === typed),
  );
  if (exact.length > 0 || typed === "") return exact;
  const unsaidOf = (machine: DescribedMachine) =>
    namesOf(machine).flatMap((one) => {
      const unsaid = unsaidParts(one, typed);
      return unsaid === null ? [] : [unsaid];
    });
  const like = machines.filter((machine) => unsaidOf(machine).length > 0);
  const plain = like.filter((machine) =>
    unsaidOf(machine).some((parts) => parts.every((part) => goesWithoutSaying.test(part))),
  );
  return plain.length > 0 ? plain : like;
}

/** Nobody reads more of them in an error. */
const mostAlike = 6;

/** Ids, or aliases, of the machines that a name could mean a part of. */
function alikeOf(name: string, machines: readonly DescribedMachine[]): string[] {
  return machines.flatMap(
    (machine) => namesOf(machine).find((one) => beginsLike(one, name) || hasParts(one, name)) ?? [],
  );
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
  const composed = composedMachine(name, machines);
  if (composed !== null) return [composed];
  const named = backendInName(name);
  if (named !== null) {
    return findMachines(named.name).map((machine) => underBackend(machine, named.backend));
  }
  const spelled = alikeOf(name, machines);
  if (spelled.length === 0) spelled.push(...alikeWithCount(name, machines));
  const typed = spelled.length === 0 ? machinesLike(name) : [];
  const [single] = typed;
  if (typed.length === 1 && single !== undefined) return [single];
  const alike = spelled.length === 0 ? typed.map(({ id }) => id) : spelled;
  const [only] = alike;
  if (alike.length > 1) {
    const more = alike.length > mostAlike ? ` and ${alike.length - mostAlike} more` : "";
    const listed = alike.slice(0, mostAlike).join(", ");
    throw new LlmbenchError("usage", `machine ${idOrPath}: which one of ${listed}${more}?`);
  }
  const hint = didYouMean(name, machines.flatMap(namesOf));
  throw new LlmbenchError(
    "usage",
    `unknown machine ${JSON.stringify(idOrPath)}${only === undefined ? hint : ` (did you mean ${only}?)`}: \`${toType("machines")}\` lists those it knows, and a path names a YAML file`,
  );
}
