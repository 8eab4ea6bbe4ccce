import { formatBytes } from "../base/bytes.ts";
import type { Step } from "./progress.ts";

/** Synthetic weights on their way to the disk. */
export function weightsStep(name: string, totalBytes: number): Step {
  return {
    label: `writing ${name}, ${formatBytes(totalBytes)}`,
    total: totalBytes,
    describe: (done) => formatBytes(done),
  };
}
