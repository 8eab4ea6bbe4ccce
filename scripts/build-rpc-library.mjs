// @ts-check
// Compiles llama.cpp's RPC backend for this system, where the npm package takes it from, and prints its path.
import { rm } from "node:fs/promises";
import { compileLibrary, shippedLibrary } from "../dist/maintenance.js";
import { readFlags, script } from "./bench/commandLine.mjs";
import { librariesFolder, linkedLibraries, packageName } from "./bench/enginePackages.mjs";

const help = `
build-rpc-library: llama.cpp's RPC backend, as llmbench loads it, for this system

  npm run build:rpc-library

It goes to native/ggml-rpc/BUILD, is packed with llmbench, and found there before one is compiled at first use. Needs git and
a C++ compiler. One library serves all packages of this system: CPU, CUDA and Vulkan call theirs alike.
`;

await script("build-rpc-library", async () => {
  readFlags({}, help);
  const base = linkedLibraries(librariesFolder(packageName("cpu"))).at(-1);
  const target = shippedLibrary();
  await rm(target, { force: true });
  await compileLibrary(String(base), target);
  console.log(target);
  return 0;
});
