/** Steps whose way is told in bytes: weights that are written, read or downloaded. */
import { formatBytes } from "../base/bytes.ts";
import { formatDuration } from "../base/duration.ts";
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

/** Seconds that the speed is taken over: long enough to be steady, short enough to notice a change. */
const windowSeconds = 10;

/** A download, with its speed and the time that it still takes. `clock` in seconds. */
export function transferStep(
  name: string,
  totalBytes: number,
  clock: () => number = () => performance.now() / 1000,
): Step {
  let seen: { readonly at: number; readonly done: number }[] = [];
  return {
    label: `pulling ${name}, ${formatBytes(totalBytes)}`,
    total: totalBytes,
    quarters: true,
    describe(done) {
      const at = clock();
      // A download that began anew has fewer bytes than before.
      seen = [
        ...seen.filter((one) => at - one.at <= windowSeconds && one.done <= done),
        { at, done },
      ];
      const parts = [formatBytes(done)];
      const oldest = seen[0];
      const seconds = oldest === undefined ? 0 : at - oldest.at;
      const perSecond = oldest === undefined ? 0 : (done - oldest.done) / seconds;
      if (seconds > 0 && perSecond > 0) {
        const left = formatDuration((totalBytes - done) / perSecond);
        parts.push(`${formatBytes(perSecond)}/s`, `about ${left} left`);
      }
      return parts.join(", ");
    },
  };
}
