/** Appends to a run's journal, one line at a time, each on disk before the call returns. */
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { withoutHome } from "../base/homePath.ts";
import { makeFolder } from "../base/makeFolder.ts";
import { LlmbenchError } from "../errors.ts";
import { readFailure, systemCode, writeFailure } from "./fileFailure.ts";
import type { JournalLine } from "./journalLines.ts";
import { isWholeLine, wholeLinesBytes } from "./journalTail.ts";
import { checkReadable } from "./readableLine.ts";
import { resultFiles } from "./resultFiles.ts";

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
async function openNew(path: string, directory: string): Promise<FileHandle> {
  try {
    return await open(path, "wx+");
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
  const file = await open(path, "r+");
  if ((await wholeLinesBytes(file, (await file.stat()).size)) === 0) return file;
  await file.close();
  throw new LlmbenchError(
    "output",
    `${directory}: holds a run already; go on with --resume ${directory}, or choose another --output-dir`,
  );
}

/** The system may take less than all at once. */
async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, undefined, position + written);
    written += bytesWritten;
  }
}

export class JournalWriter {
  readonly path: string;
  readonly #file: FileHandle;
  /** Bytes of whole lines: where the next one goes, and what a failed one is cut back to. */
  #length: number;
  #last: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, length: number) {
    this.path = path;
    this.#file = file;
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
      const file = await openNew(path, directory);
      await syncFolder(directory);
      return new JournalWriter(path, file, 0);
    } catch (error) {
      throw writeFailure(path, error);
    }
  }

  /**
   * The journal of a folder, to go on with. A last line that a crash tore is cut off; one that lacks only its line
   * break gets it.
   * @throws LlmbenchError `input` where there is no journal, `output` where it can't be written.
   */
  static async resume(directory: string): Promise<JournalWriter> {
    const path = join(directory, resultFiles.journal);
    const file = await open(path, "r+").catch((error: unknown) => {
      throw systemCode(error) === "ENOENT" ? readFailure(path, error) : writeFailure(path, error);
    });
    try {
      const { size } = await file.stat();
      const length = await wholeLinesBytes(file, size);
      const writer = new JournalWriter(path, file, length);
      if (length < size) await writer.#mendTail(size);
      return writer;
    } catch (error) {
      await file.close();
      throw writeFailure(path, error);
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
  }

  async #mendTail(size: number): Promise<void> {
    if (await isWholeLine(this.#file, this.#length, size)) {
      this.#length = size;
      await this.#write("\n");
    } else await this.#file.truncate(this.#length);
  }

  async #write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    try {
      await writeAt(this.#file, bytes, this.#length);
      await this.#file.sync();
    } catch (error) {
      // Part of the line may be there. Where cutting it off fails too, the next reader finds it torn.
      await this.#file.truncate(this.#length).catch(() => {});
      throw writeFailure(this.path, error);
    }
    this.#length += bytes.length;
  }
}
