import { formatBytes } from "../base/bytes.ts";
import type { Step } from "./progress.ts";

/** Less is written before a second line could be read. */
const longBytes = 1e9;

/** Synthetic weights on their way to the disk. */
export function weightsStep(name: string, totalBytes: number): Step {
  return bytesStep(`writing ${name}`, totalBytes);
}

/** Real weights, read to know which they are. */
export function hashStep(name: string, totalBytes: number): Step {
  return bytesStep(`SHA-256 of ${name}`, totalBytes);
}

function bytesStep(doing: string, totalBytes: number): Step {
  return {
    label: `${doing}, ${formatBytes(totalBytes)}`,
    total: totalBytes,
    quarters: totalBytes > longBytes,
    describe: (done) => formatBytes(done),
  };
}
