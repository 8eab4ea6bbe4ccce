import { fileURLToPath } from "node:url";

/** What is shipped with the code, by its path in the package: `models`, `configs`. */
export function packageFolder(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
