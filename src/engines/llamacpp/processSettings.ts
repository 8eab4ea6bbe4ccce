/** What holds for the whole process, set before it loads anything, as llama-bench does (tools/llama-bench and common/common.cpp, v0.4.0). */
import { setPriority } from "node:os";
import type { ProcessSettings } from "../../bench/settings.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import { numaModeIds } from "./enums.ts";
import { niceness, priorityRefused } from "./niceness.ts";

/** @throws {EngineFailure} where the system doesn't let this process have the priority. */
export function applyProcessSettings({ api }: Engine, { numa, priority }: ProcessSettings): void {
  if (numa !== "disabled") api.numaInit(numaModeIds[numa]);
  if (priority === 0) return;
  try {
    setPriority(niceness[priority]);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new EngineFailure("engine", priorityRefused(priority, code));
  }
}
