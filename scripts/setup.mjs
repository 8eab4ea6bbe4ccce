// Makes a checkout ready to run: installs what package-lock.json says and builds dist/, each only when stale.
// Plain JavaScript on Node's own modules, since it runs before anything is installed.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const source = join(root, "src");
const dist = join(root, "dist");
const knownYaml = join(dist, "known-yaml.json");
const knownModels = join(dist, "known-models.json");
const program = join(dist, "cli.js");
const stamp = join(dist, ".llmbench-sources");

function fail(message) {
  console.error(`llmbench setup: ${message}`);
  process.exit(2);
}

function run(what, command, args, options = {}) {
  console.error(`llmbench setup: ${what}`);
  // Output goes to stderr: stdout belongs to the command that follows.
  const stdio = ["ignore", 2, 2];
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio, ...options });
  if (error) fail(`${command} could not start: ${error.message}`);
  if (status !== 0) fail(`"${args.join(" ")}" ended with ${signal ?? status}; see above`);
}

function checkNode() {
  const { node } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines;
  const [major, minor] = node.replace(">=", "").split(".").map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor < major || (haveMajor === major && haveMinor < minor)) {
    fail(`Node ${node} is needed and this is ${process.versions.node}; see https://nodejs.org`);
  }
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return null;
  }
}

/** npm's `os` and `cpu` lists; `!name` excludes. */
function admits(list, value) {
  if (!list) return true;
  const excluded = list.includes(`!${value}`);
  return !excluded && (list.includes(value) || list.every((entry) => entry.startsWith("!")));
}

/** Whether npm installs this optional package here. */
function fits({ os, cpu, libc }) {
  return (
    admits(os, process.platform) &&
    admits(cpu, process.arch) &&
    (!libc || libc.includes(hostLibc()))
  );
}

let knownLibc;
function hostLibc() {
  if (process.platform !== "linux") return "none";
  // The report's network part asks the resolver about each open socket, which can take seconds.
  process.report.excludeNetwork = true;
  knownLibc ??= process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
  return knownLibc;
}

/** Whether node_modules is what package-lock.json says. npm writes its hidden lock last, so a broken install has none. */
function isInstalled() {
  const installed = packagesOf(join(modules, ".package-lock.json"));
  if (!installed) return false;
  const wanted = Object.entries(packagesOf(join(root, "package-lock.json")) ?? {});
  return wanted.every(([path, entry]) => {
    const optional = entry.optional || entry.devOptional;
    if (path === "" || (optional && !fits(entry))) return true;
    const found = installed[path];
    if (!found) return Boolean(optional) && !isEngine(path);
    return found.integrity === entry.integrity && existsSync(join(root, path));
  });
}

/** Packages that npm counts as optional and llmbench can't run without: a failed download must be tried again. */
function isEngine(path) {
  return path.includes("@node-llama-cpp/") || path.includes("@koromix/");
}

function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function install() {
  // `npm ci` empties the folder before it fills it, and another checkout may be at work on the one behind a link.
  if (isLink(modules)) {
    fail(
      "node_modules is a link to a folder that lacks packages of package-lock.json; remove the link, and try again",
    );
  }
  // No install scripts: the engine and koffi ship prebuilt, and node-llama-cpp's script would fall back to compiling.
  // Nothing left out: under NODE_ENV=production npm would drop the compiler.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  args.push("--include=dev", "--include=optional");
  const what = "installing packages (about 1 GB, once)";
  const npm = process.env.npm_execpath;
  if (npm?.endsWith("npm-cli.js")) run(what, process.execPath, [npm, ...args]);
  // Without a shell Windows refuses to start a .cmd file.
  else if (process.platform === "win32") run(what, "npm.cmd", args, { shell: true });
  else run(what, "npm", args);
  if (!isInstalled()) {
    fail("npm left out a package that this machine needs (the engine?); see above, then try again");
  }
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** What the build depends on; names and contents, since a checkout's times say nothing. */
function buildDigest() {
  const configs = ["package-lock.json", "tsconfig.json", "tsconfig.build.json"];
  const hash = createHash("sha256");
  for (const path of [...configs.map((name) => join(root, name)), ...filesBelow(source)]) {
    hash.update(relative(root, path).replaceAll(sep, "/")).update("\0").update(readFileSync(path));
  }
  return hash.digest("hex");
}

function isBuilt(digest) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
}

/** Compiles in place, so that a run in progress keeps the files it has yet to load; then drops what no source makes. */
function build(digest) {
  // Gone before the first file is written: half a build must not pass for the old one.
  rmSync(stamp, { force: true });
  const tsc = join(modules, "typescript", "bin", "tsc");
  run("building", process.execPath, [tsc, "-p", "tsconfig.build.json"]);
  for (const path of filesBelow(dist)) {
    const name = relative(dist, path).replace(/(\.d)?\.[jt]s(\.map)?$/, ".ts");
    if (!existsSync(join(source, name))) rmSync(path);
  }
  // npx makes its program executable when it first sees a clone, and finds it so on every later call.
  if (existsSync(program)) chmodSync(program, 0o755);
  writeFileSync(stamp, digest);
}

/** Paths of the YAML that comes with llmbench, by the SHA-256 of each. */
function shippedYaml() {
  const paths = ["models", "configs"].flatMap((folder) => filesBelow(join(root, folder)));
  return new Map(
    paths.filter((path) => path.endsWith(".yaml")).map((path) => [digestOf(path), path]),
  );
}

function digestOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function digestsOfKnownYaml() {
  try {
    return Object.keys(JSON.parse(readFileSync(knownYaml, "utf8")));
  } catch {
    return [];
  }
}

/** Null where JSON can't say it, or something is wrong with the file: who reads it is told what. */
function asJson(read, path) {
  try {
    const value = read(path);
    const json = JSON.stringify(value);
    return isDeepStrictEqual(JSON.parse(json), value) ? json : null;
  } catch {
    return null;
  }
}

/** What `read` makes of each file, by the digest of its text. */
function writeJson(file, paths, read) {
  const made = paths.map(([digest, path]) => [digest, asJson(read, path)]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(made)));
}

/** Parses it once for all commands, and checks the catalogue's models: see src/base/madeAtSetup.ts. */
async function parseYaml() {
  const shipped = [...shippedYaml()];
  if (digestsOfKnownYaml().join() === shipped.map(([digest]) => digest).join()) return;
  const { readYaml, readYamlFile } = await import("../dist/base/yamlFile.js");
  const { modelDescriptionSchema } = await import("../dist/models/modelDescription.js");
  const models = shipped.filter(([, path]) => dirname(path) === join(root, "models"));
  writeJson(knownModels, models, (path) => readYamlFile(path, modelDescriptionSchema));
  // Last: the file that says that all is there.
  writeJson(knownYaml, shipped, readYaml);
}

checkNode();
if (!isInstalled()) install();
const digest = buildDigest();
if (!isBuilt(digest)) build(digest);
await parseYaml();
