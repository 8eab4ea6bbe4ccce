import { once } from "node:events";

/** Prints a long text at the pace of its reader, who may leave before its end. */
export async function printPieces(pieces: Iterable<string>): Promise<void> {
  const { stdout } = process;
  for (const piece of pieces) {
    if (!stdout.writable) return;
    // What went wrong is told by whoever listens to the stream.
    if (!stdout.write(piece)) await once(stdout, "drain").catch(() => {});
  }
}
