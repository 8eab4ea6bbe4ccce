// Makes a checkout ready to run: installs what package-lock.json says and builds dist/, each only when stale.
// Plain JavaScript on Node's own modules, since it runs before anything is installed.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const minimumNode = [20, 19];

function fail(message) {
  console.error(`llmbench setup: ${message}`);
  process.exit(2);
}

function digest(...paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    hash.update(relative(root, path)).update("\0").update(readFileSync(path));
  }
  return hash.digest("hex");
}

function sources() {
  return readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Runs `work` unless `stamp` already holds `wanted`; the stamp is written only after success. */
function whenStale(stamp, wanted, work) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  work();
  writeFileSync(stamp, wanted);
}

function run(what, command, args) {
  console.error(`llmbench setup: ${what}`);
  // Output goes to stderr: stdout belongs to the command that follows.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error) fail(`${command} could not start: ${error.message}`);
  if (status !== 0) fail(`"${command} ${args.join(" ")}" ended with ${status}; see above`);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
  fail(`Node ${minimumNode.join(".")} or newer is needed, this is ${process.versions.node}`);
}

const lock = join(root, "package-lock.json");
const modules = join(root, "node_modules");
whenStale(join(modules, ".llmbench-lock"), digest(lock), () =>
  // No install scripts: the engine and koffi ship prebuilt, and node-llama-cpp's script would fall back to compiling.
  run("installing packages (about 700 MB, once)", "npm", [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]),
);

const dist = join(root, "dist");
const configs = [lock, join(root, "tsconfig.json"), join(root, "tsconfig.build.json")];
whenStale(join(dist, ".llmbench-sources"), digest(...configs, ...sources()), () => {
  rmSync(dist, { recursive: true, force: true });
  run("building", process.execPath, [
    join(modules, "typescript", "bin", "tsc"),
    "-p",
    "tsconfig.build.json",
  ]);
});
