// @ts-check
// An archive of all that verify-device needs on a machine without npm, compiler or network.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LlmbenchError } from "../../dist/errors.js";
import { buildLlamaBench } from "../bench/buildLlamaBench.mjs";
import { checkout, librariesFolder, packageName } from "../bench/enginePackages.mjs";

const enginePrefix = "node_modules/@node-llama-cpp/";

/** Only needed to build llama-bench there; it travels built. */
const leftOut = ["node_modules/node-llama-cpp/llama"];

/**
 * Folders of `node_modules` that a run needs, the engine of one device among them.
 *
 * @param {Readonly<Record<string, { dev?: boolean, devOptional?: boolean }>>} packages of package-lock.json
 * @param {string} engine `linux-x64-cuda`
 * @returns {string[]}
 */
export function neededPackages(packages, engine) {
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== "" && dev !== true && devOptional !== true)
    .map(([path]) => path)
    .filter((path) => {
      if (!path.startsWith(enginePrefix)) return true;
      const name = path.slice(enginePrefix.length);
      return name === engine || name === `${engine}-ext`;
    });
}

/**
 * @param {string} file
 * @param {string} device
 * @param {(line: string) => void} say
 */
export function pack(file, device, say) {
  const engine = packageName(device);
  buildLlamaBench(librariesFolder(engine), say);
  const lock = JSON.parse(readFileSync(join(checkout, "package-lock.json"), "utf8"));
  const own = ["dist", "models", "configs", "scripts", "package.json", "package-lock.json"];
  const bench = readdirSync(join(checkout, ".bench")).map((name) => `.bench/${name}/${engine}`);
  const packages = neededPackages(lock.packages, engine);
  const wanted = [...own, ...bench, ...packages].filter((path) => existsSync(join(checkout, path)));
  say(`packing ${wanted.length} folders and Node ${process.version} into ${file}`);
  const excluded = leftOut.map((path) => `--exclude=${path}`);
  const node = ["-C", dirname(process.execPath), basename(process.execPath)];
  const { status, stderr, error } = spawnSync(
    "tar",
    ["-czf", file, ...excluded, "-C", checkout, ...wanted, ...node],
    { encoding: "utf8" },
  );
  if (status !== 0) {
    throw new LlmbenchError(
      "output",
      `tar could not write ${file}: ${error?.message ?? stderr.trim()}`,
    );
  }
}
