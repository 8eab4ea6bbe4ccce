/**
 * Makes llama.cpp's RPC backend, which node-llama-cpp's packages have not, out of the sources that come with them, against
 * the very libraries that measure (ggml/src/ggml-rpc/CMakeLists.txt, v0.4.0).
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkWritable, makeFolder } from "../../../base/makeFolder.ts";
import { packageFolder } from "../../../base/packageFolder.ts";
import { replaceFile } from "../../../base/replaceFile.ts";
import { LlmbenchError } from "../../../errors.ts";

const sources = ["ggml-rpc.cpp", "transport.cpp"] as const;

/** Ours: they stand between the backend and the system's sockets and files. */
const ownHeaders = ["sockets.h", "keptTensor.h"] as const;
const ownSources = ["sockets.cpp", "keptTensor.cpp"] as const;
const ownFiles = [...ownHeaders, ...ownSources];

const flags: readonly string[] = [
  "-O2",
  "-DNDEBUG",
  "-std=c++17",
  "-fPIC",
  "-shared",
  "-fvisibility=hidden",
  "-DGGML_BACKEND_DL",
  "-DGGML_BACKEND_BUILD",
  "-DGGML_BACKEND_SHARED",
  "-DGGML_SHARED",
];

/** Thunderbolt's RDMA, which macOS 26.2 and later have: the library is looked for when it is used. */
const appleRdma: readonly string[] = [
  "-DGGML_RPC_RDMA",
  "-DGGML_RPC_RDMA_APPLE",
  "-Wl,-weak-lrdma",
];

/** What a library is made of beside llama.cpp's sources, in a few letters. */
export function recipeDigest(): string {
  const hash = createHash("sha256");
  for (const part of [...flags, ...appleRdma, ...sources]) hash.update(`${part}\n`);
  for (const name of ownFiles) hash.update(readFileSync(ownFile(name)));
  return hash.digest("hex").slice(0, 12);
}

function ownFile(name: (typeof ownFiles)[number]): string {
  return packageFolder(join("native", "ggml-rpc", name));
}

/**
 * @param ggmlBase the library that everything of ggml is linked to
 * @param target what is written, whole or not at all, whoever else writes it meanwhile
 * @throws {LlmbenchError} `engine` where there is no compiler, no git, or it doesn't compile; `output` where it can't be kept
 */
export async function compileLibrary(ggmlBase: string, target: string): Promise<void> {
  const compiler = findProgram(["c++", "g++", "clang++"], process.env["CXX"]);
  const git = findProgram(["git"]);
  if (compiler === null || git === null) throw nothingToCompileWith();
  await requireFolder(dirname(target));
  const folder = await mkdtemp(join(tmpdir(), "llmbench-rpc-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // A Ctrl-C ends the process in the middle.
  process.once("exit", remove);
  try {
    const made = await compiledIn(folder, { compiler, git, ggmlBase });
    await replaceFile(target, await readFile(made)).catch((error: unknown) => {
      throw notKept(dirname(target), error);
    });
  } finally {
    process.off("exit", remove);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Before anything is compiled in vain. */
async function requireFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await checkWritable(folder);
  } catch (error) {
    throw notKept(folder, error);
  }
}

function notKept(folder: string, error: unknown): LlmbenchError {
  const { message } = error as Error;
  return new LlmbenchError(
    "output",
    `llama.cpp's RPC backend is compiled once and kept in ${folder}, which can't be written (${message}); set LLMBENCH_CACHE to a folder that can, or give the library with --rpc-library FILE`,
    { cause: error },
  );
}

interface Tools {
  readonly compiler: string;
  readonly git: string;
  readonly ggmlBase: string;
}

async function compiledIn(folder: string, { compiler, git, ggmlBase }: Tools): Promise<string> {
  const tree = join(folder, "llama.cpp");
  await run(git, ["clone", "--quiet", "--no-checkout", sourceBundle(), tree]);
  await run(git, ["-C", tree, "checkout", "--quiet", "HEAD", "--", "ggml/include", "ggml/src"]);
  const made = join(folder, "made");
  const command = (more: readonly string[], extra: readonly string[]) => [
    ...flags,
    ...more,
    ...ownHeaders.flatMap((name) => ["-include", ownFile(name)]),
    `-I${join(tree, "ggml", "include")}`,
    `-I${join(tree, "ggml", "src")}`,
    ...[...sources, ...extra].map((name) => join(tree, "ggml", "src", "ggml-rpc", name)),
    ...ownSources.map(ownFile),
    "-o",
    made,
    ggmlBase,
    // A folder's name may have a comma, which -Wl would take for its own.
    "-Xlinker",
    "-rpath",
    "-Xlinker",
    dirname(ggmlBase),
    "-lpthread",
  ];
  const rdma = process.platform === "darwin";
  const withRdma = rdma && (await succeeds(compiler, command(appleRdma, ["transport-apple.cpp"])));
  if (!withRdma) await run(compiler, command([], []));
  return made;
}

function sourceBundle(): string {
  const entry = fileURLToPath(import.meta.resolve("node-llama-cpp"));
  return join(dirname(entry), "..", "llama", "gitRelease.bundle");
}

/** A program on the path. */
function findProgram(names: readonly string[], named?: string): string | null {
  if (named !== undefined && named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

const packages: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '"xcode-select --install"',
  linux: '"apt install g++ git", or your distribution\'s names for them',
};

function nothingToCompileWith(): LlmbenchError {
  const install = packages[process.platform];
  return new LlmbenchError(
    "engine",
    install === undefined
      ? "llama.cpp's RPC backend isn't compiled on this system; give its library with --rpc-library FILE"
      : `llama.cpp's RPC backend is compiled once, which takes a C++ compiler and git: install them with ${install}, or give the library with --rpc-library FILE`,
  );
}

interface Ended {
  readonly code: number | null;
  readonly log: string;
}

function end(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    let log = "";
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], windowsHide: true });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
    child.once("error", ({ message }) => resolve({ code: null, log: message }));
    child.once("close", (code) => {
      process.off("exit", kill);
      resolve({ code, log });
    });
  });
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return (await end(program, args)).code === 0;
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { code, log } = await end(program, args);
  if (code === 0) return;
  const said = log.split("\n").find((line) => /error|fatal/iu.test(line)) ?? log.trim();
  throw new LlmbenchError(
    "engine",
    `llama.cpp's RPC backend didn't compile: ${program} said: ${said.trim()}; give the library with --rpc-library FILE`,
  );
}
