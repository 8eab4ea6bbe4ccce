/** The files of a loaded llama.cpp, by what each of them is. */
import { basename } from "node:path";
import type { LlamaGpuType } from "node-llama-cpp";
import { LlmbenchError } from "../../errors.ts";

/** Absolute paths of the loaded libraries, each needed for symbols of its own (Windows looks nowhere else). */
export interface LoadedLibraries {
  readonly llama: string;
  readonly ggml: string;
  readonly ggmlBase: string;
  /** `llama-common`, which knows the build's number and commit. */
  readonly common: string | null;
  /** In the order in which they were loaded. */
  readonly all: readonly string[];
}

export interface LoadedEngine {
  readonly libraries: LoadedLibraries;
  /** What node-llama-cpp loaded; false is its CPU build. */
  readonly gpu: LlamaGpuType;
  readonly release: string;
}

/** `libllama.cuda.v0.4.0.so`, `libllama.metal.v0.4.0.dylib`, `llama.cuda.v0.4.0.dll`. */
const libraryFile =
  /^(?:lib)?(llama-common|llama|ggml-base|ggml)(?:\.[^/\\]*)?\.(?:so|dylib|dll)$/u;

/** `libggml-cuda.so`, `libggml-cpu-haswell.so`. */
const backendFile = /^(?:lib)?ggml-(?!base\.)[^/\\]*\.(?:so|dylib|dll)$/u;

/** @throws {LlmbenchError} `engine` where one that we call is not among them. */
export function namedLibraries(all: readonly string[]): LoadedLibraries {
  const find = (name: string) =>
    all.find((path) => libraryFile.exec(basename(path))?.[1] === name) ?? null;
  const [llama, ggml, ggmlBase] = [find("llama"), find("ggml"), find("ggml-base")];
  if (llama === null || ggml === null || ggmlBase === null) {
    throw new LlmbenchError(
      "engine",
      `llama.cpp was loaded and its libraries are not among the process's: ${all.join(", ") || "none"}`,
    );
  }
  return { llama, ggml, ggmlBase, common: find("llama-common"), all };
}

export function isBackend(path: string): boolean {
  return backendFile.test(basename(path));
}
