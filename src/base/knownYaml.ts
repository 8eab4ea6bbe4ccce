/** What the YAML files that come with llmbench say: the parser takes a fifth of a second over them, which each command would. */
import { madeAtSetup } from "./madeAtSetup.ts";

/** undefined where it has to be parsed. */
export const knownYaml = madeAtSetup("known-yaml.json");
