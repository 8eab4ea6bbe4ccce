/** Files that a user names, opened where they are files: a pipe or a device may keep who opens it waiting for ever. */
import { closeSync, openSync, readSync, statSync, type Stats } from "node:fs";

/** Told as the system tells its own. */
class IrregularFile extends Error {
  readonly code = "EFTYPE";

  constructor() {
    super("it is a pipe or a device, not a file");
  }
}

/** What a shell hands over (`<(…)`, `… |`): there is somebody who writes it. */
const handedOver = /^\/(?:dev\/(?:fd\/\d+|stdin)|proc\/self\/fd\/\d+)$/u;

/** @throws the system's error where nothing is there. */
export function isShellPipe(path: string): boolean {
  return handedOver.test(path) && statSync(path).isFIFO();
}

interface Accepted {
  /** Whether a pipe will do that the shell made; it can be read once only. */
  readonly pipes: boolean;
}

const filesAlone: Accepted = { pipes: false };

function check(path: string, { pipes }: Accepted): Stats {
  const stats = statSync(path);
  // Of a folder the system says so itself.
  if (stats.isFile() || stats.isDirectory()) return stats;
  if (pipes && isShellPipe(path)) return stats;
  throw new IrregularFile();
}

/** @throws the system's error, or `EFTYPE` where it is no file. */
export function openForeign(path: string, accepted: Accepted = filesAlone): number {
  check(path, accepted);
  return openSync(path, "r");
}

const chunkBytes = 2 ** 16;

/**
 * The whole of it; null where that is more than `maxBytes`. The system's word for its size doesn't bound it: of some
 * that is 0.
 * @throws the system's error, or `EFTYPE` where it is no file.
 */
export function readForeign(
  path: string,
  maxBytes: number,
  accepted: Accepted = filesAlone,
): Buffer | null {
  const { size } = check(path, accepted);
  if (size > maxBytes) return null;
  const file = openSync(path, "r");
  try {
    return readUpTo(file, size, maxBytes);
  } finally {
    closeSync(file);
  }
}

function readUpTo(file: number, size: number, maxBytes: number): Buffer | null {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(chunkBytes, size - bytes));
    const read = readSync(file, chunk);
    if (read === 0) return chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks);
    bytes += read;
    if (bytes > maxBytes) return null;
    chunks.push(chunk.subarray(0, read));
  }
}
