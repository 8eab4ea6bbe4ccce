/** Appends to a run's journal, one line at a time, each on disk before the call returns. */
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { withoutHome } from "../base/homePath.ts";
import { toType } from "../base/invocation.ts";
import type { Lock } from "../base/lockFile.ts";
import { makeFolder } from "../base/makeFolder.ts";
import { LlmbenchError } from "../errors.ts";
import { copiedFolder, otherFolder, readFailure, systemCode, writeFailure } from "./fileFailure.ts";
import type { JournalLine } from "./journalLines.ts";
import { whileLocked } from "./journalLock.ts";
import { wholeLinesBytes } from "./journalTail.ts";
import { checkReadable } from "./readableLine.ts";
import { resultFiles } from "./resultFiles.ts";
import { holdsARun } from "./runFolder.ts";

/** Puts the new file's name on disk too. Windows can't sync a folder. */
async function syncFolder(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(directory, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Opens a new file, or the one that a run left before it could write its first line. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx+");
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
    return open(path, "r+");
  }
}

/** What is locked is nobody else's, whatever it was before. */
async function checkHoldsNoRun(file: FileHandle, directory: string): Promise<void> {
  if ((await wholeLinesBytes(file, (await file.stat()).size)) === 0) return;
  throw holdsARun(directory);
}

/** The system may take less than all at once. */
async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, undefined, position + written);
    written += bytesWritten;
  }
}

function writtenSince(path: string): string {
  return `${path}: another run went on with it meanwhile; look at it with ${toType("report")}, and resume what is missing`;
}

/** What a journal's reader saw of its end. */
export interface JournalEnd {
  readonly bytes: number;
  readonly torn: boolean;
}

export class JournalWriter {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #lock: Lock;
  /** The way out where the disk refuses. */
  readonly #elsewhere: string;
  /** Bytes of whole lines: where the next one goes, and what a failed one is cut back to. */
  #length: number;
  #last: Promise<void> = Promise.resolve();

  private constructor(
    path: string,
    file: FileHandle,
    lock: Lock,
    length: number,
    elsewhere: string,
  ) {
    this.#elsewhere = elsewhere;
    this.path = path;
    this.#file = file;
    this.#lock = lock;
    this.#length = length;
  }

  /**
   * A journal without a line in a folder that is made where it is missing.
   * @throws LlmbenchError `output` where the folder can't be written, or holds a run already.
   */
  static async create(directory: string): Promise<JournalWriter> {
    const path = join(directory, resultFiles.journal);
    try {
      await makeFolder(directory);
      return await whileLocked(path, await openNew(path), otherFolder, async (file, lock) => {
        await checkHoldsNoRun(file, directory);
        await syncFolder(directory);
        return new JournalWriter(path, file, lock, 0, otherFolder);
      });
    } catch (error) {
      throw writeFailure(path, error, otherFolder);
    }
  }

  /**
   * The journal of a folder, to go on with. A last line that its reader found torn is cut off; one that lacks only its
   * line break gets it.
   * @throws LlmbenchError `input` where there is no journal, `output` where it can't be written or was written since.
   */
  static async resume(directory: string, { bytes, torn }: JournalEnd): Promise<JournalWriter> {
    const path = join(directory, resultFiles.journal);
    const file = await open(path, "r+").catch((error: unknown) => {
      throw systemCode(error) === "ENOENT"
        ? readFailure(path, error)
        : writeFailure(path, error, copiedFolder);
    });
    try {
      return await whileLocked(path, file, copiedFolder, async (_, lock) => {
        const { size } = await file.stat();
        if (size !== bytes) throw new LlmbenchError("output", writtenSince(path));
        const length = await wholeLinesBytes(file, size);
        const writer = new JournalWriter(path, file, lock, length, copiedFolder);
        if (length < size) await writer.#mendTail(size, torn);
        return writer;
      });
    } catch (error) {
      throw writeFailure(path, error, copiedFolder);
    }
  }

  /**
   * Appends a line and syncs it. Calls are taken in turn. The user's home folder is written as `~`.
   * @throws LlmbenchError `output` where the disk refuses; the lines before stand, and a later call may succeed.
   * @throws UnreadableResult where readers would refuse the line; nothing is written.
   */
  async append(line: JournalLine): Promise<void> {
    const text = JSON.stringify(line, (_, value: unknown) =>
      typeof value === "string" ? withoutHome(value) : value,
    );
    checkReadable(line.type, text);
    const appended = this.#last.then(() => this.#write(`${text}\n`));
    this.#last = appended.catch(() => {});
    await appended;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
    this.#lock.release();
  }

  async #mendTail(size: number, torn: boolean): Promise<void> {
    if (torn) return this.#file.truncate(this.#length);
    this.#length = size;
    await this.#write("\n");
  }

  async #write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    try {
      await writeAt(this.#file, bytes, this.#length);
      await this.#file.sync();
    } catch (error) {
      // Part of the line may be there. Where cutting it off fails too, the next reader finds it torn.
      await this.#file.truncate(this.#length).catch(() => {});
      throw writeFailure(this.path, error, this.#elsewhere);
    }
    this.#length += bytes.length;
  }
}
