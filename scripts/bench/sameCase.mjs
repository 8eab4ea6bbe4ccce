// @ts-check
// llama-bench on the file, the device and the threads that a run of llmbench took.
import { expandHome, gpuDevices } from "../../dist/maintenance.js";
import { buildLlamaBench } from "./buildLlamaBench.mjs";
import { librariesFolderOf } from "./llamaBench.mjs";

/**
 * The executable, and its arguments but for the work.
 *
 * @param {import("./llmbench.mjs").MeasuredRun} run
 * @param {{ llamaBench: string | null, say: (line: string) => void }} options
 * @returns {{ executable: string, args: string[] }}
 */
export function sameCase({ cases, run, libraries }, { llamaBench, say }) {
  const [{ model, settings }] = cases;
  const onDevice = gpuDevices(run.engine).length > 0;
  return {
    executable: llamaBench ?? buildLlamaBench(librariesFolderOf(libraries), say),
    args: [
      ["-m", expandHome(String(model.file))],
      ["-t", String(settings.nThreads), "-ngl", String(settings.gpuLayers)],
      onDevice ? [] : ["-dev", "none"],
    ].flat(),
  };
}
