// @ts-check
// llama-bench on the file, the device and the threads that a run of llmbench took.
import { expandHome } from "../../dist/base/homePath.js";
import { gpuDevices } from "../../dist/llamacpp/gpuDevices.js";
import { buildLlamaBench } from "./buildLlamaBench.mjs";
import { librariesFolderOf } from "./llamaBench.mjs";

/**
 * The executable, and its arguments but for the work.
 *
 * @param {import("./llmbench.mjs").LlmbenchRun} run measured
 * @param {{ llamaBench: string | null, say: (line: string) => void }} options
 * @returns {{ executable: string, args: string[] }}
 */
export function sameCase({ rows, run, libraries }, { llamaBench, say }) {
  const [{ model_filename: path, n_threads: threads, n_gpu_layers: layers }] =
    /** @type {[import("./llmbench.mjs").CaseResult]} */ (rows);
  const onDevice = gpuDevices(run.engine).length > 0;
  return {
    executable: llamaBench ?? buildLlamaBench(librariesFolderOf(libraries), say),
    args: [
      ["-m", expandHome(String(path)), "-t", String(threads), "-ngl", String(layers)],
      onDevice ? [] : ["-dev", "none"],
    ].flat(),
  };
}
