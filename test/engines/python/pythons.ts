/** The Python that tests run frameworks in: `LLMBENCH_PYTHON`, else the active environment's. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { FrameworkName } from "../../../src/engines/python/frameworks.ts";

const required = (process.env["LLMBENCH_REQUIRE"] ?? "").split(",");

function active(): string | null {
  const { VIRTUAL_ENV: virtual } = process.env;
  if (virtual === undefined) return null;
  return process.platform === "win32"
    ? join(virtual, "Scripts", "python.exe")
    : join(virtual, "bin", "python");
}

export const python = process.env["LLMBENCH_PYTHON"] ?? active();

/** Whether it has the framework; where it hasn't, the tests that need it say that they are skipped. */
export function hasFramework(name: FrameworkName): boolean {
  try {
    if (python === null) throw new Error("no Python is named");
    execFileSync(python, ["-c", `import importlib.util as u; assert u.find_spec("${name}")`]);
    return true;
  } catch (error) {
    if (required.includes(name)) throw error;
    process.stderr.write(
      `skipped: tests of training with ${name} need a Python that has it, named by LLMBENCH_PYTHON\n`,
    );
    return false;
  }
}
