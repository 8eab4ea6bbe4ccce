/**
 * Loads the files that node-llama-cpp chose in an earlier child. It tries each build in a process of its own before it
 * loads it, and takes a second and a half for that at every launch; what it found once stands for the whole run.
 */
import koffi from "koffi";
import { LlmbenchError } from "../../errors.ts";
import type { EngineDevice } from "../../bench/engineInfo.ts";
import { isBackend, namedLibraries, type LoadedEngine } from "./libraries.ts";
import type { LlamaInfo } from "./llamaInfo.ts";

/** What an earlier child found. */
export interface FoundEngine extends Pick<LlamaInfo, "backend" | "engine_version" | "libraries"> {
  readonly devices: readonly Pick<EngineDevice, "name" | "description">[];
}

/**
 * Elsewhere node-llama-cpp tries nothing beforehand (macOS), or how libraries find each other is another matter
 * (Windows).
 */
export function canReopen(): boolean {
  return process.platform === "linux";
}

/** @throws {LlmbenchError} `engine` where a library doesn't load any more. */
export function reopenEngine({ backend, engine_version, libraries }: FoundEngine): LoadedEngine {
  const named = namedLibraries(libraries);
  try {
    // The others that it needs lie beside it.
    const llama = koffi.load(named.llama);
    const ggml = koffi.load(named.ggml);
    const loadBackend = ggml.func("void *ggml_backend_load(str path)") as (path: string) => unknown;
    // What comes of it shows in the devices.
    for (const path of libraries.filter(isBackend)) loadBackend(path);
    (llama.func("void llama_backend_init()") as () => void)();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LlmbenchError(
      "engine",
      `${named.llama} loaded when the run began, and doesn't now: ${why}; "npm ci" puts it back`,
      { cause },
    );
  }
  return {
    libraries: named,
    gpu: backend === "cpu" ? false : backend,
    release: engine_version,
  };
}

/** @throws {LlmbenchError} `engine` where a device has gone, or come, since the earlier child. */
export function requireSameDevices(
  { devices: before }: FoundEngine,
  now: readonly EngineDevice[],
): void {
  const [had, has] = [before, now].map(namesOf);
  if (had === has) return;
  throw new LlmbenchError(
    "engine",
    `llama.cpp saw ${had} when the run began, and sees ${has} now; the command "devices" tells more`,
  );
}

function namesOf(devices: FoundEngine["devices"]): string {
  const names = devices.map(({ name, description }) => `${name} (${description})`);
  return names.length === 0 ? "no device" : names.join(", ");
}
