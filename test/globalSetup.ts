import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One cache of synthetic weights for the whole test run, outside the user's own. */
export default function setup(): () => void {
  const cache = mkdtempSync(join(tmpdir(), "llmbench-test-cache-"));
  process.env["LLMBENCH_CACHE"] = cache;
  return () => rmSync(cache, { recursive: true, force: true });
}
