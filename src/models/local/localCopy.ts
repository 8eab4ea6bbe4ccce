/** A remote spec's files where they are on disk already, without asking anyone. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LlmbenchError } from "../../errors.ts";
import { realFolder } from "../../base/cacheFolder.ts";
import { chooseFiles } from "../hub/chooseFiles.ts";
import type { Env } from "../hub/hubEndpoint.ts";
import { parseRemoteSpec } from "../hub/remoteSpec.ts";
import { urlFolder } from "../hub/resolveFiles.ts";
import { filesIn, type FoundFile } from "./foundFiles.ts";
import { localPlaces } from "./places.ts";

/**
 * Path of the model's first file; null where it isn't on disk, or not all of it.
 *
 * @throws LlmbenchError `usage` for what is no such spec
 */
export function localCopy(
  spec: string,
  quantization: string | null,
  cacheDir: string,
  env: Env = process.env,
): string | null {
  const parsed = parseRemoteSpec(spec);
  if (parsed.kind === "url") {
    const { folder, names } = urlFolder(parsed.url);
    const paths = names.map((name) => join(realFolder(cacheDir), ...folder, name));
    return paths.every((path) => existsSync(path)) ? (paths[0] ?? null) : null;
  }
  for (const place of localPlaces(cacheDir, env)) {
    if (place.layout !== "repositories" && place.layout !== "hub") continue;
    const files = filesIn(place).filter(({ origin }) => origin?.repo === parsed.repo);
    const path = chosen(parsed, files, quantization);
    if (path !== null) return path;
  }
  return null;
}

function chosen(
  spec: Extract<ReturnType<typeof parseRemoteSpec>, { kind: "hub" }>,
  files: readonly FoundFile[],
  quantization: string | null,
): string | null {
  const listed = files.map(({ origin }) => ({ path: origin?.path ?? "", bytes: 0, sha256: null }));
  try {
    const [first] = chooseFiles(spec, listed, quantization);
    return files.find(({ origin }) => origin?.path === first?.path)?.path ?? null;
  } catch (error) {
    if (error instanceof LlmbenchError) return null;
    throw error;
  }
}
