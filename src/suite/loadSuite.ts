/** A suite by name or path: a YAML file of flags and their values. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { packageFolder } from "../base/packageFolder.ts";
import { didYouMean } from "../base/suggest.ts";
import { parseYamlValue, readYaml, shownPath } from "../base/yamlFile.ts";
import { LlmbenchError } from "../errors.ts";
import { flagKeyFor, flagNames, flagOf } from "./flags.ts";
import type { GivenFlags } from "./settings.ts";
import { suiteFlagKeys, suiteSchema } from "./suiteSchema.ts";

export interface Suite {
  /** As it was asked for. */
  readonly name: string;
  readonly path: string;
  readonly description: string | null;
  readonly given: GivenFlags;
}

/** Names of the suites that come with llmbench. */
export function suiteNames(): string[] {
  return readdirSync(packageFolder("configs"))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** @throws LlmbenchError `usage` for an unknown name, `config` for a file that is missing or says something impossible. */
export function loadSuite(nameOrPath: string): Suite {
  const path = /[/\\]|\.ya?ml$/i.test(nameOrPath) ? resolve(nameOrPath) : namedSuite(nameOrPath);
  const { values, typedKeys } = renameKeys(path, readYaml(path));
  const { description, ...flagValues } = parseYamlValue(
    path,
    values,
    suiteSchema,
    (key) => typedKeys.get(key) ?? key,
  );
  const given = Object.fromEntries(
    suiteFlagKeys.map((key) => [key, (flagValues as Record<string, unknown>)[flagOf(key).name]]),
  ) as GivenFlags;
  return {
    name: nameOrPath,
    path,
    description: description ?? null,
    given: { ...given, models: given.models?.map((model) => besideSuite(path, model)) },
  };
}

function namedSuite(name: string): string {
  const known = suiteNames();
  if (known.includes(name)) return join(packageFolder("configs"), `${name}.yaml`);
  throw new LlmbenchError(
    "usage",
    `unknown suite ${JSON.stringify(name)}${didYouMean(name, known)}: expected one of ${known.join(", ")}, or the path of a YAML file`,
  );
}

/** A suite may use any of a flag's names (`p`, `ngl`, `n_prompt`); the schema knows the long ones. */
function renameKeys(path: string, raw: unknown) {
  const typedKeys = new Map<string, string>();
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    return { values: raw, typedKeys };
  const refuse = (problem: string) => new LlmbenchError("config", `${shownPath(path)}: ${problem}`);
  const entries = Object.entries(raw).map(([typed, value]) => {
    const key = flagKeyFor(typed, value);
    if (key === undefined) {
      if (typed === "description") return [typed, value] as const;
      const known = suiteFlagKeys.flatMap((flag) => flagNames(flagOf(flag)));
      throw refuse(
        `unknown key ${JSON.stringify(typed)}${didYouMean(typed.replaceAll("_", "-"), known)}`,
      );
    }
    const { name, inSuite } = flagOf(key);
    if (!inSuite) throw refuse(`${typed}: belongs on the command line, as --${name}`);
    const earlier = typedKeys.get(name);
    if (earlier !== undefined)
      throw refuse(`${typed}: means the same as ${earlier}, keep one of them`);
    typedKeys.set(name, typed);
    return [name, value] as const;
  });
  return { values: Object.fromEntries(entries), typedKeys };
}

/** A model file that lies beside the suite, so that the two can be moved together; else as it was given. */
function besideSuite(suitePath: string, model: string): string {
  if (isAbsolute(model) || !/\.(gguf|ya?ml)$/i.test(model)) return model;
  const beside = join(dirname(suitePath), model);
  return existsSync(beside) ? beside : model;
}
