import { fileURLToPath } from "node:url";

/**
 * The compiled twin of a module, for Node to start: from `dist/` the neighbour itself, from `src/` (under the test
 * runner) the one in `dist/`.
 *
 * @param from the caller's `import.meta.url`
 * @param relative the module, `./child.js`
 */
export function compiledFile(from: string, relative: string): string {
  const url = new URL(relative, from);
  const source = new URL(from);
  if (source.pathname.endsWith(".ts")) url.pathname = url.pathname.replace("/src/", "/dist/");
  return fileURLToPath(url);
}
