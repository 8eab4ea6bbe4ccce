/**
 * Ollama's models: manifests/HOST/USER/MODEL/TAG name the blob that holds the weights
 * (github.com/ollama/ollama, server/manifest.go, server/modelpath.go).
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export interface OllamaModel {
  /** `llama3.1-8b`: its name and tag, fit for a file's name. */
  readonly name: string;
  readonly path: string;
}

const manifestSchema = z.object({
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })).max(1000),
});

const weightsType = "application/vnd.ollama.image.model";

/** A manifest has under 2 KB. */
const maxManifestBytes = 1 << 20;

const maxManifests = 2000;

export function ollamaModels(folder: string): readonly OllamaModel[] {
  const manifests = join(folder, "manifests");
  const found: OllamaModel[] = [];
  for (const parts of paths(manifests, 4).slice(0, maxManifests)) {
    const digest = weightsDigest(join(manifests, ...parts));
    if (digest === null) continue;
    const [, user, model, tag] = parts;
    const name = [...(user === "library" ? [] : [user]), model, tag].join("-");
    found.push({ name, path: join(folder, "blobs", digest) });
  }
  return found;
}

/** Paths of `depth` parts below a folder, by name. */
function paths(folder: string, depth: number, above: readonly string[] = []): string[][] {
  return entriesIn(join(folder, ...above)).flatMap((name) => {
    const path = [...above, name];
    return path.length === depth ? [path] : paths(folder, depth, path);
  });
}

function entriesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith("."))
      .sort();
  } catch {
    return [];
  }
}

/** The blob's file name; null where there is none, or the manifest is none. */
function weightsDigest(path: string): string | null {
  try {
    if (statSync(path).size > maxManifestBytes) return null;
    const { layers } = manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    const digest = layers.find(({ mediaType }) => mediaType === weightsType)?.digest ?? "";
    const hex = /^sha256[:-]([0-9a-f]{64})$/.exec(digest)?.[1];
    return hex === undefined ? null : `sha256-${hex}`;
  } catch {
    return null;
  }
}
