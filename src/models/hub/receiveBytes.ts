/** From a connection to the disk: while some bytes are being written, the next arrive. */
import { formatBytes } from "../../base/bytes.ts";
import type { PartFile } from "./partFile.ts";
import type { Patience } from "./patience.ts";

/** A connection that ended before it had brought all; another may go on where it stopped. */
export class Broken extends Error {
  override readonly name = "Broken";
  /** Offset of the first byte that isn't on disk. */
  readonly at: number;
  readonly crawled: boolean;

  constructor(at: number, crawled: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.at = at;
    this.crawled = crawled;
  }
}

/** Written at once: a call for each of a socket's small pieces would cost more than the bytes. */
const writeBytes = 1 << 20;

export interface Receiving {
  readonly part: PartFile;
  readonly patience: Patience;
  /** Told of each write. */
  readonly onBytes: () => void;
}

/**
 * Writes what the body brings from byte `start` to before `end`, and no byte more.
 *
 * @throws Broken; a system error of the disk
 */
export async function receiveBytes(
  body: AsyncIterable<Uint8Array>,
  start: number,
  end: number,
  { part, patience, onBytes }: Receiving,
): Promise<void> {
  const writer = new GatheringWriter(part, start, onBytes);
  let failure: unknown;
  let crawled = false;
  try {
    const pace = new Pace(patience);
    for await (const piece of body) {
      await writer.add(piece.subarray(0, end - writer.taken));
      if (writer.taken === end) break;
      if ((crawled = pace.crawls(piece.length))) break;
    }
  } catch (error) {
    failure = error;
  }
  // What arrived before the break is worth keeping, too.
  await writer.flush();
  if (writer.taken === end) return;
  const words = crawled
    ? `under ${formatBytes(patience.crawlBytes)} in ${patience.crawlMs / 1000} s`
    : `it ended ${formatBytes(end - writer.taken)} early`;
  throw new Broken(writer.taken, crawled, words, { cause: failure });
}

class GatheringWriter {
  /** Offset of the next byte to come. */
  taken: number;
  private readonly part: PartFile;
  private readonly onBytes: () => void;
  private pieces: Uint8Array[] = [];
  private bytes = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(part: PartFile, start: number, onBytes: () => void) {
    this.part = part;
    this.taken = start;
    this.onBytes = onBytes;
  }

  async add(piece: Uint8Array): Promise<void> {
    this.pieces.push(piece);
    this.bytes += piece.length;
    this.taken += piece.length;
    if (this.bytes >= writeBytes) await this.begin();
  }

  async flush(): Promise<void> {
    await this.begin();
    await this.writing;
  }

  /** Waits for the write before, not for this one. */
  private async begin(): Promise<void> {
    const { pieces, bytes } = this;
    const position = this.taken - bytes;
    this.pieces = [];
    this.bytes = 0;
    await this.writing;
    if (bytes === 0) return;
    this.writing = this.part.write(pieces, position).then(this.onBytes);
    // Its failure is seen when the next write begins, or at the end.
    this.writing.catch(() => {});
  }
}

class Pace {
  private readonly patience: Patience;
  private since = performance.now();
  private bytes = 0;

  constructor(patience: Patience) {
    this.patience = patience;
  }

  crawls(bytes: number): boolean {
    this.bytes += bytes;
    if (performance.now() - this.since < this.patience.crawlMs) return false;
    const slow = this.bytes < this.patience.crawlBytes;
    this.since = performance.now();
    this.bytes = 0;
    return slow;
  }
}
