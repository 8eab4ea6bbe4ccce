import { formatBytes } from "../base/bytes.ts";
import { formatDuration } from "../base/duration.ts";
import type { Step } from "./progress.ts";

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
