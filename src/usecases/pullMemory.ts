/** Whether this machine could ever run a model of so many bytes. */
import { formatBytes } from "../base/bytes.ts";
import { LlmbenchError } from "../errors.ts";
import { totalMemory } from "../machine/memoryBudget.ts";
import type { RemoteModel } from "../models/hub/resolveFiles.ts";
import { fitMachines, thisMachineWord } from "./fit/fitMachines.ts";

/** `hf:…:Q4_K_M is 39.60 GiB and won't fit this machine's 22.40 GiB`; null where the weights fit. */
export async function memoryProblem(
  { spec, files }: RemoteModel,
  warn: (text: string) => void,
): Promise<string | null> {
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  try {
    const [machine] = await fitMachines([thisMachineWord], {});
    if (machine === undefined) return null;
    const holds = totalMemory(machine.budget);
    return bytes <= holds
      ? null
      : `${spec} is ${formatBytes(bytes)} and won't fit this machine, which has ${formatBytes(holds)} for it`;
  } catch (error) {
    // A machine without an engine may pull for another one.
    if (!(error instanceof LlmbenchError)) throw error;
    warn(`warning: whether this machine can run ${spec} is not known: ${error.message}`);
    return null;
  }
}
