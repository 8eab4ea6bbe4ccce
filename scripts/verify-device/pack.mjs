// @ts-check
// An archive of all that verify-device needs on a machine without npm, compiler or network.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LlmbenchError } from "../../dist/index.js";
import { buildLlamaBench } from "../bench/buildLlamaBench.mjs";
import { checkout, librariesFolder, packageName } from "../bench/enginePackages.mjs";

const enginePrefix = "node_modules/@node-llama-cpp/";

/** Only needed to build llama-bench there; it travels built. */
const leftOut = ["node_modules/node-llama-cpp/llama/gitRelease.bundle"];

/**
 * @typedef {Readonly<Record<string, string>>} Wanted
 * @typedef {{ dependencies?: Wanted, optionalDependencies?: Wanted }} LockEntry
 * @typedef {Readonly<Record<string, LockEntry>>} LockPackages of package-lock.json, by folder
 */

/**
 * Where Node finds a package that the one in `folder` imports.
 *
 * @param {LockPackages} packages
 * @param {string} folder
 * @param {string} name
 * @returns {string | null}
 */
function found(packages, folder, name) {
  const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
  if (packages[path] !== undefined) return path;
  if (folder === "") return null;
  return found(packages, folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/"))), name);
}

/**
 * Folders of `node_modules` that a run needs, the engine of one device among them. What is only a peer (a compiler for
 * those who compile) is none.
 *
 * @param {LockPackages} packages
 * @param {string} engine `linux-x64-cuda`
 * @returns {string[]}
 */
export function neededPackages(packages, engine) {
  const needed = new Set([""]);
  for (const folder of needed) {
    const { dependencies, optionalDependencies } = packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = found(packages, folder, name);
      if (path !== null && isFor(engine, path)) needed.add(path);
    }
  }
  needed.delete("");
  return [...needed];
}

/**
 * @param {string} engine
 * @param {string} path
 */
function isFor(engine, path) {
  if (!path.startsWith(enginePrefix)) return true;
  return [engine, `${engine}-ext`].includes(path.slice(enginePrefix.length));
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
  const own = "dist models configs scripts workers package.json package-lock.json".split(" ");
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
