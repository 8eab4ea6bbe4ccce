import { fileURLToPath } from "node:url";

/** A folder that is shipped beside `src/` and `dist/`: `models`, `configs`. */
export function packageFolder(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
