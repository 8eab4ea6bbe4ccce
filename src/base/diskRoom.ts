/** Whether a disk has room for what is going to be written. */
import { statfsSync } from "node:fs";
import { formatBytes } from "./bytes.ts";
import { nearestExisting } from "./makeFolder.ts";

/** Space that must stay free: a disk filled to the brim breaks more than a benchmark. */
const reserveBytes = 256 * 2 ** 20;

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  return bavail * bsize;
}

/** What there is in place of `bytes` and the reserve; null where that is enough. */
export function lackOfRoom(folder: string, bytes: number): string | null {
  const free = freeBytes(folder);
  if (free >= bytes + reserveBytes) return null;
  return `${formatBytes(bytes)}, and ${formatBytes(reserveBytes)} that stay free; ${formatBytes(free)} are free`;
}
