/** Why a GPU build of llama.cpp can't load on Linux: the shared libraries that it needs and this system lacks. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { EngineBackend } from "../bench/backends.ts";
import { commandOutput } from "./commandOutput.ts";

export interface BackendProblem {
  readonly backend: EngineBackend;
  /** What went wrong, in the words of who found out. */
  readonly message: string;
}

/** node-llama-cpp's packages of each build: file of the backend below the package's folder. CUDA has two, for 13 and 12. */
function buildsOf(backend: "cuda" | "vulkan", arch: string): { name: string; file: string }[] {
  const platform = `linux-${arch}-${backend}`;
  const library = `libggml-${backend}.so`;
  const main = { name: platform, file: `bins/${platform}/${library}` };
  return backend === "cuda"
    ? [main, { name: `${platform}-ext`, file: `bins/${platform}/fallback/${library}` }]
    : [main];
}

/** Asked of the dynamic linker; empty on other systems, which have no such question, and where all is found. */
export async function gpuLibraryProblems(): Promise<BackendProblem[]> {
  if (process.platform !== "linux") return [];
  const backends = ["cuda", "vulkan"] as const;
  const problems = await Promise.all(
    backends.map(async (backend) => {
      const found = await Promise.all(buildsOf(backend, process.arch).map(problemOf));
      const reasons = found.filter((problem) => problem !== null);
      // One build that loads is enough.
      return reasons.length < found.length ? [] : [{ backend, message: reasons.join("; or ") }];
    }),
  );
  return problems.flat();
}

async function problemOf(build: { name: string; file: string }): Promise<string | null> {
  const library = libraryPath(build);
  if (library === null) return `package @node-llama-cpp/${build.name} is not installed`;
  const missing = missingLibraries((await commandOutput("ldd", [library])) ?? "");
  return missing.length === 0 ? null : `missing ${missing.join(", ")}`;
}

function libraryPath({ name, file }: { name: string; file: string }): string | null {
  try {
    const main = createRequire(import.meta.url).resolve(`@node-llama-cpp/${name}`);
    const path = join(main, "..", "..", file);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Of `ldd FILE`. llama.cpp's own libraries are not looked up on the system: the process has them loaded already. */
export function missingLibraries(output: string): string[] {
  return [...output.matchAll(/^\s*(\S+) => not found/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => !/^lib(?:ggml|llama)/.test(name));
}
