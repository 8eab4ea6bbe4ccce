/** Before synthetic weights are written: whether the disk holds them, and whether the user wants as many. */
import { resolve } from "node:path";
import { formatBytes } from "../base/bytes.ts";
import { freeBytes, lackOfRoom } from "../base/diskRoom.ts";
import { formatDuration } from "../base/duration.ts";
import { LlmbenchError } from "../errors.ts";
import { confirm } from "./confirm.ts";

/** More than this is asked for: minutes of writing, and a good part of many a disk. */
const askAboveBytes = 20e9;

/** What a SATA SSD writes, the slowest disk that anyone would load such a model from. */
const assumedBytesPerSecond = 500e6;

export interface Writing {
  readonly bytes: number;
  readonly folder: string;
  /** Where else they could go: `set LLMBENCH_CACHE to a folder on another disk`. */
  readonly elsewhere: string;
  /** `--yes`. */
  readonly yes: boolean;
}

/**
 * Whether to go on.
 * @throws LlmbenchError `output` where there is no room, `usage` where nobody can be asked.
 */
export async function askToWrite({ bytes, folder, elsewhere, yes }: Writing): Promise<boolean> {
  if (bytes === 0) return true;
  const lack = lackOfRoom(resolve(folder), bytes);
  if (lack !== null) {
    throw new LlmbenchError(
      "output",
      `${folder}: synthetic weights need ${lack}; free some space, or ${elsewhere}`,
    );
  }
  if (bytes <= askAboveBytes) return true;
  const time = formatDuration(bytes / assumedBytesPerSecond);
  const about = `synthetic weights: ${formatBytes(bytes)} to write in ${folder}, about ${time} at 500 MB/s; ${formatBytes(freeBytes(resolve(folder)))} are free`;
  return confirm({ about, yes });
}
