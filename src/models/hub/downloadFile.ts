/**
 * Downloads one file: several connections, each fetching a piece at a time; a part that outlives the process; a checksum
 * before the file gets its name.
 *
 * Not on ipull, node-llama-cpp's downloader (3.9.5, tried against scripts/chaos/faultyServer.mjs): an answer that ends
 * early in good order becomes a finished file with a hole; it looks at no ETag, so that what it resumes may be of another
 * version; it sends the token to the store that the hub redirects to; and a break of a server without parts leaves an
 * exception that nobody can catch.
 */
import { allOrAbort } from "../../base/allOrAbort.ts";
import { LlmbenchError } from "../../errors.ts";
import { readGgufHeader } from "../../gguf/readHeader.ts";
import { askForBytes } from "./askForBytes.ts";
import { missingPieces } from "./byteRanges.ts";
import type { FileConnections } from "./connections.ts";
import type { DigestThread } from "./digestThread.ts";
import { fetchPiece, fetchWhole, type Fetching } from "./fetchPiece.ts";
import type { HttpClient } from "./httpClient.ts";
import { keepMismatch } from "./mismatch.ts";
import { PartFile } from "./partFile.ts";
import type { Patience } from "./patience.ts";
import type { RemoteFile } from "./resolveFiles.ts";

export interface Download {
  readonly http: HttpClient;
  readonly connections: FileConnections;
  readonly digests: DigestThread;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** Bytes on disk; fewer than before where a download begins anew. */
  readonly onBytes: (doneBytes: number) => void;
  /** All bytes are there, and are being digested. */
  readonly onVerify: () => void;
  /** Something that the user should know, and needs no action. */
  readonly onNotice: (text: string) => void;
}

/** Small enough that all connections have work, large enough that requests cost nothing beside bytes. */
const smallestPieceBytes = 8 * 2 ** 20;
const largestPieceBytes = 128 * 2 ** 20;

/** Pieces for each connection: the last ones end at about the same time. */
const piecesPerConnection = 4;

/**
 * Puts the file at `path`. What stops the download leaves `path.part`, with which the next one goes on.
 *
 * @returns its SHA-256
 * @throws RemoteChanged; LlmbenchError `network`, also where the bytes aren't those that were stated; a system error of
 *   the disk; the signal's reason.
 */
export async function downloadFile(
  remote: RemoteFile,
  path: string,
  download: Download,
): Promise<string> {
  const part = await PartFile.open(path, remote, download.digests);
  if (part.dropped) {
    download.onNotice(`${remote.name}: what had come is of another version, so it begins anew`);
  }
  let sha256: string;
  try {
    await fetchAll(remote, part, download);
    download.onVerify();
    sha256 = await part.sha256();
  } finally {
    await part.close();
  }
  if (remote.sha256 !== null && sha256 !== remote.sha256) {
    throw await keepMismatch(part, path, `SHA-256 ${remote.sha256} stated, ${sha256} received`);
  }
  if (remote.sha256 === null) {
    const problem = headerProblem(part.path);
    if (problem !== null) throw await keepMismatch(part, path, problem);
  }
  await part.finish(path);
  return sha256;
}

/** Downloads what is missing. Whatever happens, the part's claim is on disk in the end. */
async function fetchAll(remote: RemoteFile, part: PartFile, download: Download): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([download.signal, stop.signal]);
  const onBytes = () => download.onBytes(part.doneBytes);
  const { http, patience } = download;
  const fetching: Fetching = { remote, part, http, patience, signal, onBytes };
  onBytes();
  try {
    const pieceBytes = pieceSize(remote.sizeBytes, download.connections.share);
    if (missingPieces(part.done, remote.sizeBytes, pieceBytes).length === 0) return;
    const ranged = await download.connections.take(() => getToKnow(fetching, download));
    const fetches = ranged
      ? missingPieces(part.done, remote.sizeBytes, pieceBytes).map(
          (piece) => () => fetchPiece(piece, fetching),
        )
      : [() => fetchWhole(fetching)];
    const running = fetches.map((fetch) =>
      download.connections.take(async () => {
        signal.throwIfAborted();
        await fetch();
      }),
    );
    await allOrAbort(running, stop);
  } finally {
    await part.save();
  }
}

function pieceSize(size: number, connections: number): number {
  const even = Math.ceil(size / (connections * piecesPerConnection));
  return Math.min(largestPieceBytes, Math.max(smallestPieceBytes, even));
}

/** Asks for one byte. Whether the server gives parts; what is there of another version is forgotten. */
async function getToKnow(fetching: Fetching, { onNotice }: Download): Promise<boolean> {
  const { part, remote } = fetching;
  const { body, ranged, validator } = await askForBytes([0, 1], null, fetching);
  await body.dump().catch(() => {});
  // Without a mark and without a checksum nothing would tell two versions' bytes apart.
  const blind = validator === null && remote.sha256 === null;
  if (part.doneBytes > 0 && (blind || validator !== part.validator)) {
    onNotice(
      blind
        ? `${remote.name}: the server doesn't tell one version of the file from another, so it begins anew`
        : `${remote.name}: the file has changed since its download began, so it begins anew`,
    );
    part.restart();
  }
  part.begin(validator);
  return ranged && !blind;
}

function headerProblem(path: string): string | null {
  try {
    readGgufHeader(path);
    return null;
  } catch (error) {
    if (error instanceof LlmbenchError) return error.message.slice(path.length + 2);
    throw error;
  }
}
