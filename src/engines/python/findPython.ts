/** Which Python a framework runs in: the one that was named, the active environment's, or one that uv makes. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { packageFolder } from "../../base/packageFolder.ts";
import { LlmbenchError } from "../../errors.ts";
import { oldestPython, type Framework } from "./frameworks.ts";

/** A program with the arguments that come before the script's. */
export interface PythonCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** It starts the Python that then runs the script. */
  readonly startsAnother: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Looking {
  readonly environment?: Environment;
  /** Nothing is downloaded: through uv only what it has kept. */
  readonly offline?: boolean;
}

/**
 * @param named `--python`
 * @throws {LlmbenchError} `engine` where there is none that has the framework, with what to type.
 */
export async function findPython(
  framework: Framework,
  named: string | null,
  { environment = process.env, offline = false }: Looking = {},
): Promise<PythonCommand> {
  if (named !== null) {
    const lack = await lackOf(named, framework);
    if (lack === null) return direct(named);
    throw new LlmbenchError("engine", `--python ${named}: ${lack}`);
  }
  const active = activePython(environment);
  const lack = active === null ? null : await lackOf(active, framework);
  if (active !== null && lack === null) return direct(active);
  const why =
    lack === null
      ? `${framework.name} needs Python, and no environment is active`
      : `the active environment: ${lack}`;
  const orNamed = "or name a Python that has it with --python";
  const { name } = framework;
  if (!(await answers("uv", ["--version"])))
    throw new LlmbenchError(
      "engine",
      `${why}; type: pip install uv, and llmbench gets ${name} through it, ${orNamed}`,
    );
  const found = throughUv(framework, offline ? ["--offline"] : []);
  if (!offline || (await answers(found.command, [...found.args, "-c", ""]))) return found;
  // Kept in rows, which are read by others.
  throw new LlmbenchError(
    "engine",
    `${why}, and uv has not downloaded ${name} yet; type: llmbench devices --engine ${name}, which gets it, ${orNamed}`,
  );
}

function direct(command: string): PythonCommand {
  return { command, args: [], startsAnother: process.platform === "win32" };
}

/**
 * Of packages that are pinned, whatever project or environment the folder has. uv keeps what it downloaded, and offers a
 * Python where the system has none that is new enough.
 */
function throughUv({ requirements }: Framework, more: readonly string[]): PythonCommand {
  const version = `>=${oldestPython.join(".")}`;
  const args = ["run", "--quiet", "--no-project", "--isolated", ...more, "--python", version];
  const pinned = ["--with-requirements", join(packageFolder("workers"), requirements)];
  return { command: "uv", args: [...args, ...pinned, "python"], startsAnother: true };
}

/** Of a virtual environment or of conda. */
function activePython(environment: Environment): string | null {
  const virtual = environment["VIRTUAL_ENV"] ?? "";
  const conda = environment["CONDA_PREFIX"] ?? "";
  if (process.platform === "win32") {
    if (virtual !== "") return join(virtual, "Scripts", "python.exe");
    return conda === "" ? null : join(conda, "python.exe");
  }
  const prefix = virtual === "" ? conda : virtual;
  return prefix === "" ? null : join(prefix, "bin", "python");
}

/** In words that every Python understands; nothing is imported, which would take seconds. */
const question = (name: string) => `
import sys
try:
    from importlib.util import find_spec
    from importlib.metadata import version
    found = version("${name}") if find_spec("${name}") else "-"
except Exception:
    found = "-"
print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], found))
`;

/** What keeps a Python from running the framework, with the way out; null for nothing. */
async function lackOf(python: string, framework: Framework): Promise<string | null> {
  const answer = await outputOf(python, ["-c", question(framework.name)]);
  const [, version, found] = /^(\d+\.\d+) (\S+)\s*$/u.exec(answer ?? "") ?? [];
  if (version === undefined || found === undefined) return `${python} is no Python that runs`;
  if (isOlder(version, oldestPython))
    return `${python} is Python ${version}, and ${oldestPython.join(".")} or newer is needed`;
  const install = `type: ${python} -m pip install`;
  if (found === "-")
    return `${python} (Python ${version}) has no ${framework.name}; ${install} ${framework.install}`;
  if (isOlder(found, framework.oldest))
    return `${python} has ${framework.name} ${found}, and ${framework.oldest.join(".")} or newer is needed; ${install} --upgrade ${framework.install}`;
  return null;
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

async function answers(command: string, args: readonly string[]): Promise<boolean> {
  return (await outputOf(command, args)) !== null;
}

/** A Python on a network disk takes its time. */
const answerTimeoutMs = 60_000;

/** Null where it can't be run, or fails. */
function outputOf(command: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: answerTimeoutMs, windowsHide: true };
    execFile(command, [...args], options, (error, stdout) => {
      resolve(error === null ? stdout : null);
    });
  });
}
