/** What the YAML files that come with llmbench say: the parser takes a fifth of a second over them, which each command would. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { packageFolder } from "./packageFolder.ts";

/**
 * JSON by the SHA-256 of the YAML, made beside the build: a file that was changed since is another one. Null for a file that
 * has to be parsed each time.
 */
type KnownYaml = Readonly<Record<string, string | null>>;

let known: KnownYaml | undefined;

/** undefined where it has to be parsed. */
export function knownYaml(text: string): unknown {
  known ??= readKnown();
  const json = known[createHash("sha256").update(text).digest("hex")];
  return json == null ? undefined : JSON.parse(json);
}

function readKnown(): KnownYaml {
  try {
    return JSON.parse(readFileSync(packageFolder("dist/known-yaml.json"), "utf8")) as KnownYaml;
  } catch {
    // Made by hand with `tsc` alone, or damaged: the files say the same.
    return {};
  }
}
