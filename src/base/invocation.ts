/** How llmbench was started, so that its messages name commands as their reader types them. */
import { realpathSync } from "node:fs";
import { dirname, isAbsolute, relative } from "node:path";
import { packageFolder } from "./packageFolder.ts";
import { shellWord } from "./shellWord.ts";
import { packageName } from "./version.ts";

/** A command line to type: `npm start -- report DIR` for who began with `npm start`. What is kept says `llmbench …`. */
export function toType(line: string): string {
  return `${program()} ${line}`;
}

/** What stands before a command's name. */
export function program(): string {
  // npm 9 to 12 set these, and pass them on to whatever their child starts.
  const { npm_lifecycle_event: event, npm_package_json: manifest, INIT_CWD: typedIn } = process.env;
  if (event === "start" && sameFile(manifest, packageFolder("package.json"))) {
    return `npm${prefixFrom(typedIn)} start --`;
  }
  if (event === "npx" && isLinkedProgram(process.argv[1])) {
    return isFetched() ? `npx ${packageName()}` : "npx llmbench";
  }
  return "llmbench";
}

/** Outside the package's folder npm finds it by `--prefix` alone. */
function prefixFrom(typedIn: string | undefined): string {
  if (typedIn === undefined) return "";
  const folder = dirname(packageFolder("package.json"));
  const below = relative(folder, typedIn);
  // Another drive of Windows is no way down either.
  const outside = segments(below)[0] === ".." || isAbsolute(below);
  return outside ? ` --prefix ${shellWord(folder)}` : "";
}

/** npx starts a program by its link among a project's packages, or in Windows by its path there. */
function isLinkedProgram(path: string | undefined): boolean {
  return (
    path !== undefined &&
    segments(path).includes("node_modules") &&
    sameFile(path, packageFolder("dist/cli.js"))
  );
}

/** npx fetched the package for this call, so that its name is what was typed. */
function isFetched(): boolean {
  return segments(packageFolder("package.json")).includes("_npx");
}

function segments(path: string): string[] {
  return path.split(/[/\\]/u);
}

function sameFile(a: string | undefined, b: string): boolean {
  try {
    return a !== undefined && realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
