/** Whether an engine takes a file at all: before anything is said of its memory, or measured. */
import type { Engine } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { refusedBecause } from "../gguf/loadable.ts";

/**
 * @param name what the user calls the file
 * @throws LlmbenchError `input` with the engine's reason.
 */
export async function requireTaken(
  engine: Pick<Engine, "refusal">,
  name: string,
  path: string,
): Promise<void> {
  const reason = (await engine.refusal?.(path)) ?? null;
  if (reason !== null) throw new LlmbenchError("input", `${name}: ${refusedBecause(reason)}`);
}
