/** Writes a synthetic file's bytes: while one piece goes to disk, the next is made. */
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { pieceCapacity, WeightStream, type TensorContent } from "../gguf/blocks/weightStream.ts";
import type { SyntheticPlan } from "./syntheticPlan.ts";

export interface WriteOptions {
  readonly onProgress?: (bytesWritten: number, totalBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Large enough that a call's cost vanishes, small enough that a piece is still in the processor's cache when written. */
const pieceBytes = 2 ** 20;

/** One piece being filled, two on their way to the disk. */
const piecesInFlight = 3;

/** Writes to a path where nothing is yet; what went wrong leaves the file as it is then. */
export async function writeSyntheticBytes(
  path: string,
  plan: SyntheticPlan,
  { onProgress, signal }: WriteOptions = {},
): Promise<void> {
  const file = await open(path, "wx");
  try {
    const contents = await plan.contents(signal);
    await writeWhole(file, plan.header, 0);
    await writePieces(file, plan, contents, (bytes) => {
      signal?.throwIfAborted();
      onProgress?.(bytes, plan.fileBytes);
    });
  } finally {
    await file.close();
  }
}

async function writePieces(
  file: FileHandle,
  plan: SyntheticPlan,
  contents: readonly TensorContent[],
  onWritten: (bytes: number) => void,
): Promise<void> {
  const stream = new WeightStream(
    contents,
    Buffer.from(plan.digest, "hex"),
    plan.dataBytes,
    plan.alignment,
  );
  const pieces = Array.from({ length: piecesInFlight }, () => ({
    buffer: Buffer.alloc(pieceCapacity(pieceBytes)),
    writing: Promise.resolve(),
  }));
  let offset = plan.header.length;
  try {
    for (let turn = 0; ; turn++) {
      const piece = pieces[turn % piecesInFlight];
      if (piece === undefined) return;
      await piece.writing;
      onWritten(offset);
      const bytes = stream.next(piece.buffer, pieceBytes);
      if (bytes === 0) break;
      piece.writing = writeWhole(file, piece.buffer.subarray(0, bytes), offset);
      // Its failure is seen when the piece's turn comes again.
      piece.writing.catch(() => {});
      offset += bytes;
    }
    for (const { writing } of pieces) await writing;
    onWritten(offset);
  } finally {
    await Promise.allSettled(pieces.map(({ writing }) => writing));
  }
}

async function writeWhole(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
