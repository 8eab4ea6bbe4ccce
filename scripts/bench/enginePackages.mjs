// @ts-check
// Where node-llama-cpp's packages keep llama.cpp, by device, and the files in there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LlmbenchError } from "../../dist/index.js";

export const checkout = fileURLToPath(new URL("../..", import.meta.url));
const packages = join(checkout, "node_modules", "@node-llama-cpp");

/** The source that the packages were built from, as a git bundle. */
export const sourceBundle = join(checkout, "node_modules/node-llama-cpp/llama/gitRelease.bundle");

/** @param {string} [folder] */
export function engineVersion(folder = checkout) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return String(manifest.dependencies["node-llama-cpp"]);
}

/**
 * The package's name for a device: `linux-x64`, `linux-x64-cuda`, `mac-arm64-metal`, `win-x64-vulkan`.
 *
 * @param {string} device metal, cuda, vulkan or cpu
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 */
export function packageName(device, platform = process.platform, arch = process.arch) {
  const system = platform === "darwin" ? "mac" : platform === "win32" ? "win" : "linux";
  // Apple silicon has one build, for Metal and CPU alike.
  const backend = system === "mac" && arch === "arm64" ? "metal" : device;
  const machine = arch === "arm" ? "armv7l" : arch;
  return [system, machine, backend].filter((part) => part !== "cpu").join("-");
}

/**
 * The folder with a package's libraries.
 *
 * @param {string} name
 */
export function librariesFolder(name) {
  const folder = join(packages, name, "bins", name);
  if (existsSync(folder)) return folder;
  throw new LlmbenchError(
    "engine",
    `${name}: no such package of llama.cpp is installed here; run "npm ci" on the machine it is for`,
  );
}

/** As src/engines/llamacpp/libraries.ts tells them apart. */
const libraryFile = /^(?:lib)?(llama-common|llama|ggml-base|ggml)(?:\..*)?\.(?:so|dylib)$/;

/**
 * What llama-bench is linked to, in link order.
 *
 * @param {string} folder
 */
export function linkedLibraries(folder) {
  const files = readdirSync(folder);
  return ["llama-common", "llama", "ggml", "ggml-base"].map((name) => {
    const file = files.find((candidate) => libraryFile.exec(candidate)?.[1] === name);
    if (file !== undefined) return join(folder, file);
    throw new LlmbenchError("engine", `${folder}: holds no ${name} library to link to`);
  });
}
