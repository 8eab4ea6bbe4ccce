/** Files in which a system tells of itself, /proc and /sys: what isn't there, or may not be read, tells nothing. */
import { readFileSync, readdirSync } from "node:fs";

/** Null where it tells nothing. */
export function systemText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** Names of what is in a folder. */
export function systemNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
