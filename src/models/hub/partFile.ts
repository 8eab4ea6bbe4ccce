/**
 * A file on its way: `NAME.gguf.part`, and beside it `NAME.gguf.part.json` with what it will be and which bytes are
 * there. Both outlive the process; what is claimed to be there is on the disk.
 */
import { existsSync, readFileSync } from "node:fs";
import { open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import pLimit from "p-limit";
import { z } from "zod";
import { makeFolder } from "../../base/makeFolder.ts";
import { replaceFile } from "../../base/replaceFile.ts";
import { addRange, bytesIn, type ByteRange } from "./byteRanges.ts";
import type { DigestThread } from "./digestThread.ts";
import { shownUrl } from "./networkFailure.ts";
import { RunningDigest } from "./runningDigest.ts";
import type { RemoteFile } from "./resolveFiles.ts";

const offset = z.number().int().min(0);

const stateSchema = z.strictObject({
  version: z.literal(1),
  /** Without what may be secret: a signature is another each time, too. */
  url: z.string(),
  bytes: offset,
  sha256: z.string().nullable(),
  /** The server's ETag or date of the file that the bytes are from. */
  validator: z.string().nullable(),
  done: z.array(z.tuple([offset, offset])),
});

type State = Omit<z.infer<typeof stateSchema>, "done"> & { readonly done: readonly ByteRange[] };

/** What a power failure may cost at most, in milliseconds of downloading. */
const saveEveryMs = 2000;

/** So that little is left to do for the disk at the end. */
const saveEveryBytes = 32 * 2 ** 20;

/** Each holds one of the system calls' four threads (libuv's pool), which others need for writing. */
const oneAtATime = pLimit(1);

function partPathOf(path: string): string {
  return `${path}.part`;
}

export class PartFile {
  readonly path: string;
  /** What an earlier download left was of another file, and is gone. */
  readonly dropped: boolean;
  readonly #file: FileHandle;
  readonly #digest: RunningDigest;
  #state: State;
  #savedAt = performance.now();
  #unsavedBytes = 0;
  #savingNow = false;
  #saving: Promise<void> = Promise.resolve();
  #failure: unknown;

  private constructor(
    path: string,
    file: FileHandle,
    state: State,
    thread: DigestThread,
    dropped: boolean,
  ) {
    this.path = path;
    this.dropped = dropped;
    this.#file = file;
    this.#state = state;
    this.#digest = new RunningDigest(file, thread);
  }

  /** Goes on with a part of the same file, or begins one. */
  static async open(path: string, remote: RemoteFile, thread: DigestThread): Promise<PartFile> {
    const part = partPathOf(path);
    await makeFolder(dirname(path));
    const fresh = freshState(remote);
    const kept = await keptState(path, fresh);
    const dropped = kept === null && existsSync(statePath(part));
    const file = await open(part, kept === null ? "w+" : "r+");
    return new PartFile(part, file, kept ?? fresh, thread, dropped);
  }

  get done(): readonly ByteRange[] {
    return this.#state.done;
  }

  get doneBytes(): number {
    return bytesIn(this.#state.done);
  }

  get validator(): string | null {
    return this.#state.validator;
  }

  /** The server's mark of the file that all bytes of this part are from. */
  begin(validator: string | null): void {
    this.#state = { ...this.#state, validator };
  }

  /** Forgets all bytes. */
  restart(): void {
    this.#state = { ...this.#state, validator: null, done: [] };
    this.#digest.reset();
  }

  /** Of a whole file, in hexadecimal. */
  async sha256(): Promise<string> {
    this.#digest.reaches(this.#reach());
    return this.#digest.hex();
  }

  /** Bytes from the beginning without a gap. */
  #reach(): number {
    const [first] = this.#state.done;
    return first?.[0] === 0 ? first[1] : 0;
  }

  /** @throws a system error: no space, for one. */
  async write(pieces: readonly Uint8Array[], position: number): Promise<void> {
    let at = position;
    let rest = pieces;
    while (rest.length > 0) {
      const { bytesWritten } = await this.#file.writev([...rest], at);
      at += bytesWritten;
      rest = without(rest, bytesWritten);
    }
    this.#state = { ...this.#state, done: addRange(this.#state.done, [position, at]) };
    this.#digest.written(pieces, position, this.#reach());
    this.#unsavedBytes += at - position;
    const due =
      performance.now() - this.#savedAt > saveEveryMs || this.#unsavedBytes > saveEveryBytes;
    if (!due || this.#savingNow) return;
    this.#savingNow = true;
    // The disk works while more bytes arrive; what it refuses is told at the end.
    void this.save()
      .catch((error: unknown) => (this.#failure ??= error))
      .finally(() => (this.#savingNow = false));
  }

  /** Bytes first, then the claim that they are there. */
  async save(): Promise<void> {
    this.#savedAt = performance.now();
    // One after the other, so that an older claim never overwrites a newer one.
    const saving = this.#writeState(this.#saving);
    this.#saving = saving.catch(() => {});
    await saving;
  }

  async #writeState(before: Promise<void>): Promise<void> {
    await before;
    if (this.#failure !== undefined) throw this.#failure;
    const state = this.#state;
    this.#unsavedBytes = 0;
    await oneAtATime(() => this.#file.datasync());
    await replaceFile(statePath(this.path), `${JSON.stringify(state)}\n`);
  }

  async close(): Promise<void> {
    await this.#saving;
    await this.#digest.settle();
    await this.#file.close();
  }

  /** The whole file under its final name, after close. */
  async finish(path: string): Promise<void> {
    await rename(this.path, path);
    await rm(statePath(this.path), { force: true });
  }
}

/** Bytes of an earlier download that are there. */
export async function keptRanges(path: string, remote: RemoteFile): Promise<readonly ByteRange[]> {
  return (await keptState(path, freshState(remote)))?.done ?? [];
}

function freshState(remote: RemoteFile): State {
  return {
    version: 1,
    url: shownUrl(remote.url),
    bytes: remote.sizeBytes,
    sha256: remote.sha256,
    validator: null,
    done: [],
  };
}

function statePath(part: string): string {
  return `${part}.json`;
}

/** Null where there is no part, or one of another file. */
async function keptState(path: string, fresh: State): Promise<State | null> {
  const part = partPathOf(path);
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(statePath(part), "utf8")));
    const same = (["url", "bytes", "sha256"] as const).every((key) => state[key] === fresh[key]);
    const { size } = await stat(part);
    return same && state.done.every(([, end]) => end <= size) ? state : null;
  } catch {
    return null;
  }
}

function without(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.length) return [piece.subarray(left), ...pieces.slice(index + 1)];
    left -= piece.length;
  }
  return [];
}
