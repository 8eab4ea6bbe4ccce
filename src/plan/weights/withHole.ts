/** Synthetic weights as an engine can be asked about them before they are made: their header, and a hole for data. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWithHole } from "../../gguf/sparseFile.ts";
import type { SyntheticPlan } from "../../models/syntheticPlan.ts";

/** @param use is told the path, which stands as long as it takes */
export async function withHole<Answer>(
  { header, fileBytes }: Pick<SyntheticPlan, "header" | "fileBytes">,
  use: (path: string) => Promise<Answer>,
): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), "llmbench-memory-"));
  try {
    const path = join(folder, "sparse.gguf");
    writeWithHole(path, header, fileBytes);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
