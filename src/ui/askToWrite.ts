/** Before much is written to disk: how much, how long, and what is free. */
import { existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { formatBytes } from "../base/bytes.ts";
import { formatDuration } from "../base/duration.ts";
import { confirm } from "./confirm.ts";

/** More than this is asked for: minutes of writing, and a good part of many a disk. */
const askAboveBytes = 20e9;

/** What a SATA SSD writes, the slowest disk that anyone would load such a model from. */
const assumedBytesPerSecond = 500e6;

export interface Writing {
  readonly bytes: number;
  readonly folder: string;
  /** `--yes`. */
  readonly yes: boolean;
}

/**
 * Whether to go on.
 * @throws LlmbenchError `usage` where nobody can be asked.
 */
export async function askToWrite({ bytes, folder, yes }: Writing): Promise<boolean> {
  if (bytes <= askAboveBytes) return true;
  return confirm({ about: whatItTakes(bytes, folder), yes });
}

function whatItTakes(bytes: number, folder: string): string {
  const time = formatDuration(bytes / assumedBytesPerSecond);
  const { bavail, bsize } = statfsSync(nearestExisting(resolve(folder)));
  const free = formatBytes(bavail * bsize);
  return `synthetic weights: ${formatBytes(bytes)} to write in ${folder}, about ${time} at 500 MB/s; ${free} are free`;
}

function nearestExisting(folder: string): string {
  const parent = dirname(folder);
  return existsSync(folder) || parent === folder ? folder : nearestExisting(parent);
}
