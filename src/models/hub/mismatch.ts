/** A download that isn't what was stated: kept for whoever wants to look, under a name that nothing takes for a model. */
import { existsSync } from "node:fs";
import { LlmbenchError } from "../../errors.ts";
import type { PartFile } from "./partFile.ts";

/** Moves the part aside, and says so. */
export async function keepMismatch(
  part: PartFile,
  path: string,
  problem: string,
): Promise<LlmbenchError> {
  const aside = freeName(path);
  await part.finish(aside);
  return new LlmbenchError(
    "network",
    `${path}: not what was asked for: ${problem}. It is kept as ${aside}: remove that, and pull again; ` +
      "if it happens twice, something between here and the server changes files",
  );
}

function freeName(path: string): string {
  for (let number = 1; ; number++) {
    const name = `${path}.mismatch${number === 1 ? "" : `-${number}`}`;
    if (!existsSync(name)) return name;
  }
}
