/** What package.json states: llmbench's own version, and that of the package which carries llama.cpp. */
import { readFileSync } from "node:fs";
import { packageFolder } from "./packageFolder.ts";

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(packageFolder("package.json"), "utf8")) as Manifest;
}

export function llmbenchVersion(): string {
  return manifest().version;
}

/** `node-llama-cpp 3.21.1`, as a loaded engine states it too (the version is pinned exactly). */
export function enginePackage(): string {
  return `node-llama-cpp ${manifest().dependencies["node-llama-cpp"]}`;
}
