/** Opens a bundle that anyone may have made: nothing is unpacked before its names and sizes are known to be a bundle's. */
import { unzipSync } from "fflate";
import type { UnzipFileInfo, Unzipped } from "fflate";
import { readForeign } from "../../base/foreignFile.ts";
import { toType } from "../../base/invocation.ts";
import { LlmbenchError } from "../../errors.ts";
import { readFailure } from "../../results/fileFailure.ts";
import { showValue } from "../../base/showValue.ts";
import { resultFiles } from "../../results/resultFiles.ts";
import { bundledFiles, hashFile, maxUnpackedBytes } from "./format.ts";
import type { Files } from "./madeFiles.ts";

/** Without these there is nothing to verify. */
const essential = [resultFiles.journal, hashFile] as const;

/** Why an archive is none of ours. */
class NoBundle extends Error {}

/**
 * The files of a bundle, in memory: no name in the archive ever becomes a path. Of an entry that unpacks to more than
 * it declares, only as much is taken as was declared.
 * @throws LlmbenchError `input` where it can't be read, or is no bundle.
 */
export async function readBundle(path: string): Promise<Files> {
  const archive = bytesOf(path);
  try {
    const unpacked = unpack(archive);
    const names = bundledFiles.filter((name) => Object.hasOwn(unpacked, name));
    return new Map(names.map((name) => [name, unpacked[name] ?? new Uint8Array()]));
  } catch (error) {
    const why = error instanceof NoBundle ? error.message : `not a whole zip (${text(error)})`;
    const way = `${toType("report DIR --bundle")} makes one`;
    throw new LlmbenchError("input", `${path}: no bundle of llmbench: ${why}; ${way}`, {
      cause: error,
    });
  }
}

function unpack(archive: Uint8Array): Unzipped {
  const names = new Set<string>();
  let bytes = 0;
  const inspect = ({ name, size, originalSize, compression }: UnzipFileInfo): boolean => {
    if (!(bundledFiles as readonly string[]).includes(name))
      throw new NoBundle(`it holds ${showValue(name)}, which belongs to none`);
    if (names.has(name)) throw new NoBundle(`it holds ${name} twice`);
    if (compression !== 0 && compression !== 8)
      throw new NoBundle(`${name} is compressed in a way that no bundle is`);
    names.add(name);
    bytes += Math.max(size, originalSize);
    if (bytes > maxUnpackedBytes) throw tooLarge();
    return false;
  };
  unzipSync(archive, { filter: inspect });
  const missing = essential.find((name) => !names.has(name));
  if (missing !== undefined) throw new NoBundle(`it holds no ${missing}`);
  return unzipSync(archive);
}

function tooLarge(): NoBundle {
  return new NoBundle(`it holds more than ${maxUnpackedBytes / 2 ** 20} MiB`);
}

function bytesOf(path: string): Uint8Array {
  const bytes = wholeOf(path);
  if (bytes !== null) return bytes;
  throw new LlmbenchError("input", `${path}: no bundle of llmbench: it is too large for one`);
}

function wholeOf(path: string): Uint8Array | null {
  try {
    return readForeign(path, maxUnpackedBytes);
  } catch (error) {
    throw readFailure(path, error);
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
