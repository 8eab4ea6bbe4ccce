/** Where llama.cpp's RPC backend is: the user's own, one that came with llmbench, or one that was compiled here. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, rpcFolder } from "../../../base/cacheFolder.ts";
import { packageFolder } from "../../../base/packageFolder.ts";
import { LlmbenchError } from "../../../errors.ts";
import type { LoadedLibraries } from "../libraries.ts";
import { layoutPackageVersion } from "../structs.ts";
import { compileLibrary, recipeDigest } from "./compileLibrary.ts";

const fileNames: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "libggml-rpc.dylib",
  win32: "ggml-rpc.dll",
};
const fileName = fileNames[process.platform] ?? "libggml-rpc.so";

/**
 * Compiles one where there is none, which takes some seconds once.
 *
 * @param asked `--rpc-library`
 * @throws {LlmbenchError} `input` where that file isn't there, `engine` where none can be made
 */
export async function rpcLibrary(
  asked: string | null,
  { ggmlBase }: Pick<LoadedLibraries, "ggmlBase">,
): Promise<string> {
  if (asked !== null) {
    if (existsSync(asked)) return asked;
    throw new LlmbenchError("input", `--rpc-library ${asked}: no such file`);
  }
  const shipped = shippedLibrary();
  if (existsSync(shipped)) return shipped;
  const made = join(rpcFolder(cacheFolder()), buildName(), fileName);
  if (!existsSync(made)) await compileLibrary(ggmlBase, made);
  return made;
}

/** Where the one of this very build is that comes with llmbench, for systems that one was compiled for. */
export function shippedLibrary(): string {
  return packageFolder(join("native", "ggml-rpc", buildName(), fileName));
}

/** What a library must be the same in: llama.cpp's build, the system, and what is between it and the sockets. */
function buildName(): string {
  return [layoutPackageVersion, process.platform, process.arch, recipeDigest()].join("-");
}
