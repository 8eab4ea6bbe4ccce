/** A suite by name or path: a YAML file of flags and their values. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { packageFolder } from "../base/packageFolder.ts";
import { didYouMean } from "../base/suggest.ts";
import { parseYamlValue, readYaml, shownPath } from "../base/yamlFile.ts";
import { engineFlags, engineNames, type EngineName } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { flagKeyFor, flagNames, flagOf, type FlagKey } from "./flags.ts";
import type { GivenFlags } from "./settings.ts";
import { entryFlagKeys, suiteFlagKeys, suiteSchema } from "./suiteSchema.ts";

export interface Suite {
  /** As it was asked for. */
  readonly name: string;
  readonly path: string;
  readonly description: string | null;
  readonly given: GivenFlags;
  /** What further engines measure in the same run. */
  readonly entries: readonly EngineEntry[];
}

export interface EngineEntry {
  readonly engine: EngineName;
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
  const { values, typedKeys } = renamed(path, readYaml(path));
  const { description, engines, ...flagValues } = parseYamlValue(
    path,
    values,
    suiteSchema,
    (key) => typedKeys.get(key) ?? key,
  );
  return {
    name: nameOrPath,
    path,
    description: description ?? null,
    given: givenIn(flagValues, suiteFlagKeys, path),
    entries: engineNames.flatMap((engine) => {
      const said = engines?.[engine];
      return said === undefined
        ? []
        : [{ engine, given: givenIn(said, entryFlagKeys(engine), path) }];
    }),
  };
}

/** Values by the flags' long names, as the flags read them. */
function givenIn(
  said: Readonly<Record<string, unknown>>,
  keys: readonly FlagKey[],
  path: string,
): GivenFlags {
  const given = Object.fromEntries(keys.map((key) => [key, said[flagOf(key).name]])) as GivenFlags;
  return { ...given, models: given.models?.map((model) => besideSuite(path, model)) };
}

function namedSuite(name: string): string {
  const known = suiteNames();
  if (known.includes(name)) return join(packageFolder("configs"), `${name}.yaml`);
  throw new LlmbenchError(
    "usage",
    `unknown suite ${JSON.stringify(name)}${didYouMean(name, known)}: expected one of ${known.join(", ")}, or the path of a YAML file`,
  );
}

/** Keys that are no flag. */
const otherKeys = ["description", "engines"];

function renamed(path: string, raw: unknown) {
  const top = renameKeys(path, raw, { known: suiteFlagKeys, others: otherKeys });
  if (!isMap(top.values) || !isMap(top.values["engines"])) return top;
  const entries = Object.entries(top.values["engines"]).map(([engine, said]) => {
    const name = engineNames.find((one) => one === engine);
    if (name === undefined) return [engine, said] as const;
    const within = { known: entryFlagKeys(name), others: [], inside: `engines.${name}` };
    return [engine, renameKeys(path, said, within).values] as const;
  });
  return { ...top, values: { ...top.values, engines: Object.fromEntries(entries) } };
}

function isMap(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

interface Keys {
  readonly known: readonly FlagKey[];
  readonly others: readonly string[];
  /** Where in the file, but for its top. */
  readonly inside?: string;
}

/** A suite may use any of a flag's names (`p`, `ngl`, `n_prompt`); the schema knows the long ones. */
function renameKeys(path: string, raw: unknown, { known, others, inside }: Keys) {
  const typedKeys = new Map<string, string>();
  if (!isMap(raw)) return { values: raw, typedKeys };
  const place = inside === undefined ? "" : `${inside}: `;
  const refuse = (problem: string) =>
    new LlmbenchError("config", `${shownPath(path)}: ${place}${problem}`);
  const entries = Object.entries(raw).map(([typed, value]) => {
    const key = flagKeyFor(typed, value);
    if (key === undefined) {
      if (others.includes(typed)) return [typed, value] as const;
      const names = [...known.flatMap((flag) => flagNames(flagOf(flag))), ...others];
      throw refuse(
        `unknown key ${JSON.stringify(typed)}${didYouMean(typed.replaceAll("_", "-"), names)}`,
      );
    }
    const { name, inSuite } = flagOf(key);
    if (!inSuite) throw refuse(`${typed}: belongs on the command line, as --${name}`);
    if (!known.includes(key)) throw refuse(notInside(typed, key));
    const earlier = typedKeys.get(name);
    if (earlier !== undefined)
      throw refuse(`${typed}: means the same as ${earlier}, keep one of them`);
    typedKeys.set(name, typed);
    return [name, value] as const;
  });
  return { values: Object.fromEntries(entries) as Record<string, unknown>, typedKeys };
}

/** Of a flag that a suite knows and one of its further engines doesn't. */
function notInside(typed: string, key: FlagKey): string {
  return Object.hasOwn(engineFlags, key)
    ? `${typed}: belongs to another engine`
    : `${typed}: holds for the whole run: say it at the top of the suite`;
}

/** A model file that lies beside the suite, so that the two can be moved together; else as it was given. */
function besideSuite(suitePath: string, model: string): string {
  if (isAbsolute(model) || !/\.(gguf|ya?ml)$/i.test(model)) return model;
  const beside = join(dirname(suitePath), model);
  return existsSync(beside) ? beside : model;
}
