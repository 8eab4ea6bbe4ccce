/** What holds for the whole process, set before it loads anything, as llama-bench does (tools/llama-bench and common/common.cpp, v0.4.0). */
import { constants, setPriority } from "node:os";
import type { Priority, ProcessSettings } from "../../bench/settings.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import { numaModeIds } from "./enums.ts";

/** Niceness (`set_process_priority`); on Windows Node finds the class that the number lies in, and 5 would be the normal one. */
const niceness: Readonly<Record<Priority, number>> = {
  [-1]: process.platform === "win32" ? constants.priority.PRIORITY_BELOW_NORMAL : 5,
  0: 0,
  1: -5,
  2: -10,
  3: -20,
};

/** @throws {EngineFailure} where the system doesn't let this process have the priority. */
export function applyProcessSettings({ api }: Engine, { numa, priority }: ProcessSettings): void {
  if (numa !== "disabled") api.numaInit(numaModeIds[numa]);
  if (priority === 0) return;
  try {
    setPriority(niceness[priority]);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new EngineFailure(
      "engine",
      `the system gives this process no priority ${priority} (${code}): raise what it may have, or use --prio 0`,
    );
  }
}
