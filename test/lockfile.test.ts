import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface LockEntry {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const text = readFileSync(new URL("../package-lock.json", import.meta.url), "utf8");
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockEntry>> };
const root = packages[""];

describe.each(["node-llama-cpp", "koffi"])("%s in the lock file", (name) => {
  const entry = packages[`node_modules/${name}`];
  const platforms = Object.entries(entry?.optionalDependencies ?? {});

  it("is pinned exactly", () => {
    expect(root?.dependencies?.[name]).toBe(entry?.version);
  });

  it("has binaries for the three systems", () => {
    const names = platforms.map(([platform]) => platform).join(" ");
    expect(names).toMatch(/linux-x64/);
    expect(names).toMatch(/(mac|darwin)-arm64/);
    expect(names).toMatch(/win(32)?-x64/);
  });

  it.each(platforms)("holds %s at the version that it names", (platform, version) => {
    const locked = packages[`node_modules/${platform}`];
    expect(locked?.version).toBe(version);
    expect(locked?.integrity).toMatch(/^sha512-/);
  });
});

/** Where Node finds `name` from the package at `path`: in its own node_modules, or in one further up. */
function isLocked(name: string, path: string): boolean {
  const own = path === "" ? `node_modules/${name}` : `${path}/node_modules/${name}`;
  if (packages[own] !== undefined) return true;
  return (
    path !== "" && isLocked(name, path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/"))))
  );
}

describe("the lock file", () => {
  it("holds all that each package asks for, other platforms' parts included", () => {
    // npm leaves out an optional package that its registry lacks, and `npm ci` then refuses the lock.
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !isLocked(name, path))
        .map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it("names no registry, so that each user's own is asked", () => {
    const tarballs = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
    expect(tarballs.map(([path]) => path)).toEqual([]);
    expect(text).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  it("can verify each package", () => {
    const unverifiable = Object.entries(packages).filter(
      ([path, { integrity }]) => path !== "" && integrity === undefined,
    );
    expect(unverifiable.map(([path]) => path)).toEqual([]);
  });
});
