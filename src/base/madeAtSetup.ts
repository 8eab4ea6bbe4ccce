/** What set-up makes of files that come with llmbench, so that commands need not. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { packageFolder } from "./packageFolder.ts";

/** JSON by the SHA-256 of the text that it was made of: a file that was changed since is another one. Null where none was. */
type Made = Readonly<Record<string, string | null>>;

/**
 * @param file beside the build
 * @returns what was made of a text, anew for each call; undefined where it has to be made now
 */
export function madeAtSetup(file: string): (text: string) => unknown {
  let made: Made | undefined;
  return (text) => {
    made ??= readMade(file);
    const json = made[createHash("sha256").update(text).digest("hex")];
    return json == null ? undefined : JSON.parse(json);
  };
}

function readMade(file: string): Made {
  try {
    return JSON.parse(readFileSync(packageFolder(`dist/${file}`), "utf8")) as Made;
  } catch {
    // Made by hand with `tsc` alone, or damaged: the files say the same.
    return {};
  }
}
