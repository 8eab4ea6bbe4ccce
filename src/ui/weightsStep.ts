import { formatBytes } from "../base/bytes.ts";
import type { Step } from "./progress.ts";

/** Less is written before a second line could be read. */
const longBytes = 1e9;

/** Synthetic weights on their way to the disk. */
export function weightsStep(name: string, totalBytes: number): Step {
  return {
    label: `writing ${name}, ${formatBytes(totalBytes)}`,
    total: totalBytes,
    quarters: totalBytes > longBytes,
    describe: (done) => formatBytes(done),
  };
}
