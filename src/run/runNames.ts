/** The names that a new run goes by. */
import { join } from "node:path";

/** `20261123T142530Z`: sorts by time and has no colon, which Windows forbids in file names. */
export function runTimestamp(time: Date): string {
  return time
    .toISOString()
    .replace(/\.\d+Z$/u, "Z")
    .replaceAll(/[-:]/gu, "");
}

/** Of the folders of runs that name none, below the working directory. */
export const reportsFolder = "reports";

/** `reports/20261123T142530Z-rtx-4090-24gb`. */
export function defaultDirectory(machine: string, time: Date): string {
  return join(reportsFolder, `${runTimestamp(time)}-${machine}`);
}
