/** Loads one of node-llama-cpp's llama.cpp builds and finds the files that the dynamic linker took. */
import { basename } from "node:path";
import { getLlama, getModuleVersion, type LlamaGpuType } from "node-llama-cpp";
import { LlmbenchError } from "../../errors.ts";
import { requireEqual } from "./layoutGate.ts";
import { namedLibraries, type LoadedEngine } from "./libraries.ts";
import type { EngineDeviceChoice } from "./protocol.ts";
import { layoutPackageVersion } from "./structs.ts";

/** Apple silicon has no CPU-only build: there `cpu` loads Metal's and offloads nothing. */
function gpuOption(device: EngineDeviceChoice): LlamaGpuType | "auto" {
  if (device !== "cpu") return device;
  return process.platform === "darwin" && process.arch === "arm64" ? "metal" : false;
}

/**
 * Loads llama.cpp for `device`, never compiling or downloading.
 *
 * @throws {LlmbenchError} `engine`: no build for the device loads here, another one was silently chosen, or
 * node-llama-cpp is not the release that llmbench knows.
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
  requireEqual("node-llama-cpp's version", await getModuleVersion(), layoutPackageVersion);
  return {
    libraries: namedLibraries(loadedFiles()),
    gpu: llama.gpu,
    release: llama.llamaCppRelease.release,
  };
}

function loadedFiles(): string[] {
  // Naming the network interfaces would cost a reverse lookup each.
  (process.report as unknown as { excludeNetwork: boolean }).excludeNetwork = true;
  const report = process.report.getReport() as { sharedObjects?: string[] };
  return (report.sharedObjects ?? []).filter((path) => /llama|ggml/u.test(basename(path)));
}
