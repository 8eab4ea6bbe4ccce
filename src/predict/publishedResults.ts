/** The published figures that come with llmbench: reports/reference, whose sources stand in each row. */
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { getOrMake } from "../base/getOrMake.ts";
import { packageFolder } from "../base/packageFolder.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { readCsv } from "../results/readCsv.ts";
import { isNameOf } from "./publishedRows.ts";

const folder = "reports/reference";
const extension = ".csv";

let names: readonly string[] | undefined;

/** What the machines are called; each has a file. */
function publishedNames(): readonly string[] {
  names ??= readdirSync(packageFolder(folder))
    .filter((file) => file.endsWith(extension))
    .map((file) => basename(file, extension))
    // By the files' names.
    .sort((a, b) => (`${a}${extension}` < `${b}${extension}` ? -1 : 1));
  return names;
}

const known = new Map<string, readonly CaseRecord[]>();

function casesNamed(name: string): readonly CaseRecord[] {
  return getOrMake(known, name, () => {
    const path = join(packageFolder(folder), `${name}${extension}`);
    return readCsv(readFileSync(path, "utf8"), path);
  });
}

let shipped: readonly CaseRecord[] | undefined;

/** All machines' cases, read once. */
export function publishedResults(): readonly CaseRecord[] {
  shipped ??= publishedNames().flatMap(casesNamed);
  return shipped;
}

/** The cases of machines that are called so, on whatever backend: a tenth of all for most, and read as fast. */
export function publishedCasesOf(machine: DescribedMachine): readonly CaseRecord[] {
  return publishedNames()
    .filter((name) => isNameOf(machine, name, machine.backend))
    .flatMap(casesNamed);
}
