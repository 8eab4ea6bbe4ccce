import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
let root: string;

/** A small checkout: the real script, compiler and lock file, one source. A space in its path, as on many desktops. */
beforeEach(() => {
  root = join(realpathSync(mkdtempSync(join(tmpdir(), "llmbench-setup-"))), "a checkout");
  for (const name of ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"])
    cpSync(join(checkout, name), join(root, name));
  cpSync(join(checkout, "scripts/setup.mjs"), join(root, "scripts/setup.mjs"));
  write("src/a.ts", "export const a: number = 1;\n");
});

afterEach(() => rmSync(join(root, ".."), { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The packages that are installed already; npm is never started on these. */
function linkModules(): void {
  symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"), "junction");
}

function setup(npm = join(root, "no-npm/npm-cli.js")) {
  const env = { ...process.env, npm_execpath: npm };
  return spawnSync(process.execPath, ["scripts/setup.mjs"], { cwd: root, env, encoding: "utf8" });
}

describe("building", () => {
  beforeEach(linkModules);

  it("happens once, and again when a source changes", () => {
    expect(setup().stderr).toBe("llmbench setup: building\n");
    expect(setup().stderr).toBe("");
    write("src/a.ts", "export const a: number = 2;\n");
    expect(setup().stderr).toBe("llmbench setup: building\n");
    expect(readFileSync(join(root, "dist/a.js"), "utf8")).toContain("a = 2");
  });

  it("writes nothing to stdout", () => {
    expect(setup().stdout).toBe("");
  });

  it("drops what no source makes any more", () => {
    write("src/old/b.ts", "export const b = 1;\n");
    setup();
    expect(existsSync(join(root, "dist/old/b.js"))).toBe(true);
    rmSync(join(root, "src/old/b.ts"));
    setup();
    expect(existsSync(join(root, "dist/old/b.js"))).toBe(false);
    expect(existsSync(join(root, "dist/a.js"))).toBe(true);
  });

  it.skipIf(process.platform === "win32")("makes a program that npx can start", () => {
    write("src/cli.ts", 'console.log("started");\n');
    setup();
    expect(statSync(join(root, "dist/cli.js")).mode & 0o777).toBe(0o755);
  });

  it("that failed is tried again, and doesn't pass for the build before it", () => {
    setup();
    const good = readFileSync(join(root, "src/a.ts"), "utf8");
    write("src/a.ts", 'export const a: number = "1";\n');
    const failed = setup();
    expect(failed.status).toBe(2);
    expect(failed.stdout + failed.stderr).toContain("src/a.ts");
    write("src/a.ts", good);
    expect(setup().stderr).toBe("llmbench setup: building\n");
  });
});

function lock(integrity: string): string {
  const a = { version: "1.0.0", integrity };
  const elsewhere = { version: "1.0.0", integrity, optional: true, os: ["plan9"] };
  const packages = { "": {}, "node_modules/a": a, "node_modules/elsewhere": elsewhere };
  return JSON.stringify({ packages });
}

function npmWasCalled(): boolean {
  const path = join(root, "npm-was-called");
  const called = existsSync(path);
  rmSync(path, { force: true });
  return called;
}

/** Stops at the build, as there is no compiler in these packages. */
function install(): string {
  return setup(join(root, "npm/npm-cli.js")).stderr;
}

describe("installing", () => {
  /** Notes how it was called, and leaves the trace that npm leaves. */
  const recordingNpm = `
    import { cpSync, mkdirSync, writeFileSync } from "node:fs";
    mkdirSync("node_modules", { recursive: true });
    writeFileSync("npm-was-called", process.argv.slice(2).join(" "));
    cpSync("package-lock.json", "node_modules/.package-lock.json");
  `;

  beforeEach(() => {
    write("npm/package.json", '{ "type": "module" }');
    write("npm/npm-cli.js", recordingNpm);
    write("package-lock.json", lock("sha512-one"));
  });

  it("happens when there is nothing, and not when node_modules is what the lock says", () => {
    mkdirSync(join(root, "node_modules/a"), { recursive: true });
    install();
    expect(npmWasCalled()).toBe(true);
    install();
    expect(npmWasCalled()).toBe(false);
  });

  it("happens again when the lock names another package file", () => {
    mkdirSync(join(root, "node_modules/a"), { recursive: true });
    install();
    npmWasCalled();
    write("package-lock.json", lock("sha512-two"));
    install();
    expect(npmWasCalled()).toBe(true);
  });

  // Windows makes links to folders as junctions, without a right to.
  it("is refused through a link, behind which another checkout may be at work", () => {
    mkdirSync(join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(root, "node_modules"), "junction");
    expect(install()).toContain("node_modules is a link");
    expect(npmWasCalled()).toBe(false);
  });

  it("that left a package out is an error that says so", () => {
    expect(install()).toContain("npm left out a package that this machine needs");
  });

  it("runs no package's scripts, and takes the compiler whatever NODE_ENV says", () => {
    install();
    const call = readFileSync(join(root, "npm-was-called"), "utf8");
    expect(call).toContain("ci --ignore-scripts");
    expect(call).toContain("--include=dev --include=optional");
  });
});
