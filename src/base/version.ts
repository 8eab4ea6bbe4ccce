/** What package.json states: llmbench's name on npm and version, and that of the package which carries llama.cpp. */
import { readFileSync } from "node:fs";
import { packageFolder } from "./packageFolder.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(packageFolder("package.json"), "utf8")) as Manifest;
}

/** The name on npm: the command's own, `llmbench`, is another program's there. */
export function packageName(): string {
  return manifest().name;
}

export function llmbenchVersion(): string {
  return manifest().version;
}

/** `node-llama-cpp 3.21.1`, as a loaded engine states it too (the version is pinned exactly). */
export function enginePackage(): string {
  return `node-llama-cpp ${manifest().dependencies["node-llama-cpp"]}`;
}
