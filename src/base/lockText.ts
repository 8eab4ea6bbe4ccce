/** What stands in a lock: the process that holds it. */
import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { processStart } from "./processProbe.ts";

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** What the system says of when the process began; null where it doesn't tell. */
  process_start: z.string().nullable(),
  started_at: z.iso.datetime(),
});

type Holder = z.infer<typeof holderSchema>;

/** A lock of ours has 200 bytes; anyone may put anything into a folder of temporary files. */
const maxLockBytes = 4096;

export async function ownLockText(): Promise<string> {
  return JSON.stringify({
    pid: process.pid,
    process_start: await processStart(process.pid),
    started_at: new Date().toISOString(),
  } satisfies Holder);
}

/** Something else stands in a lock's place. */
export class NotALock extends Error {}

/** Null where it is gone meanwhile. @throws NotALock; what the system says of a file that can't be read. */
export function readLock(path: string): string | null {
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > maxLockBytes) throw new NotALock();
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Null for what a crash of the whole system left of one. */
export function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
