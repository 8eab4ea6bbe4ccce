/**
 * Loads the files that node-llama-cpp chose in an earlier child. It tries each build in a process of its own before it
 * loads it, and takes a second and a half for that at every launch; what it found once stands for the whole run.
 */
import koffi from "koffi";
import { LlmbenchError } from "../errors.ts";
import type { EngineInfo } from "./engineInfo.ts";
import { isBackend, namedLibraries, type LoadedEngine } from "./libraries.ts";

/** What an earlier child found. */
export type FoundEngine = Pick<EngineInfo, "backend" | "engine_version" | "libraries">;

/**
 * Elsewhere node-llama-cpp tries nothing beforehand (macOS), or how libraries find each other is another matter
 * (Windows).
 */
export function canReopen(): boolean {
  return process.platform === "linux";
}

/** @throws {LlmbenchError} `engine` where a file doesn't load any more. */
export function reopenEngine({ backend, engine_version, libraries }: FoundEngine): LoadedEngine {
  const named = namedLibraries(libraries);
  try {
    // The others that it needs lie beside it.
    const llama = koffi.load(named.llama);
    const ggml = koffi.load(named.ggml);
    const load = ggml.func("void *ggml_backend_load(str path)") as (path: string) => unknown;
    for (const path of libraries.filter(isBackend)) {
      if (load(path) === null) throw new Error(`${path} is not a backend of this llama.cpp`);
    }
    (llama.func("void llama_backend_init()") as () => void)();
  } catch (cause) {
    throw new LlmbenchError(
      "engine",
      `llama.cpp loaded from ${named.llama} before, and doesn't now: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  return {
    libraries: named,
    gpu: backend === "cpu" ? false : backend,
    release: engine_version,
  };
}
