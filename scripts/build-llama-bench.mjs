// @ts-check
// Builds llama-bench for one of node-llama-cpp's packages and prints its path. bench:parity does it by itself; by hand it
// is needed only to carry the executable to a machine that has no compiler.
import { buildLlamaBench } from "./bench/buildLlamaBench.mjs";
import { readFlags, script } from "./bench/commandLine.mjs";
import { librariesFolder, packageName } from "./bench/enginePackages.mjs";

const help = `
build-llama-bench: llama.cpp's llama-bench, linked to the libraries that llmbench measures with

  node scripts/build-llama-bench.mjs [--device cuda] | [--package linux-x64-cuda]

  --device NAME    metal, cuda, vulkan or cpu: that package for this system [cpu]
  --package NAME   a package by its name, for another machine of this system

Needs git and a C++ compiler, takes less than a minute; no GPU is needed to build for one.
`;

await script("build-llama-bench", async () => {
  const flags = readFlags({ device: { type: "string" }, package: { type: "string" } }, help);
  const name = flags.package ?? packageName(flags.device ?? "cpu");
  console.log(buildLlamaBench(librariesFolder(name), (line) => console.error(line)));
  return 0;
});
