/** Loads one of node-llama-cpp's llama.cpp builds and finds the files that the dynamic linker took. */
import { basename } from "node:path";
import { getLlama, type LlamaGpuType } from "node-llama-cpp";
import { LlmbenchError } from "../errors.ts";
import type { EngineDeviceChoice } from "./protocol.ts";

/** Absolute paths of the loaded libraries, each needed for symbols of its own (Windows looks nowhere else). */
export interface LoadedLibraries {
  readonly llama: string;
  readonly ggml: string;
  readonly ggmlBase: string;
  /** `llama-common`, which knows the build's number and commit. */
  readonly common: string | null;
  readonly all: readonly string[];
}

export interface LoadedEngine {
  readonly libraries: LoadedLibraries;
  /** What node-llama-cpp loaded; false is its CPU build. */
  readonly gpu: LlamaGpuType;
  readonly release: string;
}

/** Apple silicon has no CPU-only build: there `cpu` loads Metal's and offloads nothing. */
function gpuOption(device: EngineDeviceChoice): LlamaGpuType | "auto" {
  if (device !== "cpu") return device;
  return process.platform === "darwin" && process.arch === "arm64" ? "metal" : false;
}

/**
 * Loads llama.cpp for `device`, never compiling or downloading.
 *
 * @throws {LlmbenchError} `engine`: no build for the device loads here, or another one was silently chosen.
 */
export async function loadEngine(device: EngineDeviceChoice): Promise<LoadedEngine> {
  const gpu = gpuOption(device);
  const llama = await getLlama({
    gpu,
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logger: () => {},
    // On Metal node-llama-cpp switches residency sets off, where llama.cpp and so llama-bench leave them on: weights
    // would not stay wired between repetitions.
    experimental: { metalSkipDisablingResidencySets: true },
  }).catch((error: unknown) => {
    throw new LlmbenchError("engine", `no llama.cpp build for "${device}" loads on this machine`, {
      cause: error,
    });
  });
  // node-llama-cpp turns a backend that the platform lacks into "auto" without a word.
  if (gpu !== "auto" && llama.gpu !== gpu) {
    throw new LlmbenchError("engine", `"${device}" was asked for and ${llama.gpu || "cpu"} loaded`);
  }
  return {
    libraries: loadedLibraries(),
    gpu: llama.gpu,
    release: llama.llamaCppRelease.release,
  };
}

/** `libllama.cuda.v0.4.0.so`, `libllama.metal.v0.4.0.dylib`, `llama.cuda.v0.4.0.dll`. */
const libraryFile =
  /^(?:lib)?(llama-common|llama|ggml-base|ggml)(?:\.[^/\\]*)?\.(?:so|dylib|dll)$/u;

function loadedLibraries(): LoadedLibraries {
  // Naming the network interfaces would cost a reverse lookup each.
  (process.report as unknown as { excludeNetwork: boolean }).excludeNetwork = true;
  const report = process.report.getReport() as { sharedObjects?: string[] };
  const all = (report.sharedObjects ?? []).filter((path) => /llama|ggml/u.test(basename(path)));
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
