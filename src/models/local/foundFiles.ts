/** Names of model files in the usual places; nothing is opened but Ollama's manifests. */
import { readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ollamaModels } from "./ollama.ts";
import type { Place } from "./places.ts";

export interface FoundFile {
  readonly place: Place;
  readonly path: string;
  /** What it is called there: a file's name, or Ollama's `llama3.1-8b`. */
  readonly name: string;
  /** The hub's repository and the path in it, where the place tells. */
  readonly origin: { readonly repo: string; readonly path: string } | null;
}

/** Deeper than any of these programs nests. */
const maxDepth = 8;

/** A folder of models has some hundred entries; who points a variable at a whole disk shall not wait for minutes. */
const maxEntries = 20_000;

/** Empty for a place that isn't there, or can't be read. */
export function filesIn(place: Place): readonly FoundFile[] {
  if (place.layout === "ollama") {
    return ollamaModels(place.folder).map(({ name, path }) => ({
      place,
      path,
      name,
      origin: null,
    }));
  }
  return ggufFiles(place.folder).map((path) => ({
    place,
    path,
    name: path.slice(path.lastIndexOf(sep) + 1),
    origin: originOf(place, relative(place.folder, path).split(sep)),
  }));
}

function originOf({ layout }: Place, parts: readonly string[]): FoundFile["origin"] {
  if (layout === "repositories" && parts.length >= 3) {
    const [user, repo, ...path] = parts;
    return { repo: `${user}/${repo}`, path: path.join("/") };
  }
  if (layout !== "hub") return null;
  // models--USER--REPO/snapshots/COMMIT/path
  const [, user, repo] = /^models--(.+?)--(.+)$/.exec(parts[0] ?? "") ?? [];
  if (user === undefined || parts[1] !== "snapshots") return null;
  return { repo: `${user}/${repo}`, path: parts.slice(3).join("/") };
}

/** By name; files that a link leads to are files, folders that a link leads to are left out. */
function ggufFiles(folder: string): readonly string[] {
  const found: string[] = [];
  let entries = 0;
  const walk = (at: string, depth: number): void => {
    for (const entry of entriesOf(at)) {
      if (++entries > maxEntries) return;
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (depth < maxDepth && entry.name !== "blobs") walk(path, depth + 1);
      } else if (/\.gguf$/i.test(entry.name) && isFile(path)) {
        found.push(path);
      }
    }
  };
  walk(folder, 1);
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
