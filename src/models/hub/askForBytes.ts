/** Asks a server for a part of a file, and judges whether the answer is of the very same file. */
import type { ByteRange } from "./byteRanges.ts";
import type { HttpAnswer, HttpClient } from "./httpClient.ts";
import type { RemoteFile } from "./resolveFiles.ts";

/** The file on the server isn't the one that it was when the download began. */
export class RemoteChanged extends Error {
  override readonly name = "RemoteChanged";
}

export interface Asking {
  readonly remote: RemoteFile;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
}

export interface Given {
  readonly body: HttpAnswer["body"];
  /** False where the server gives whole files only, and this one begins at 0. */
  readonly ranged: boolean;
  /** Mark of the file's version, null where the server sets none. */
  readonly validator: string | null;
}

/**
 * @param expected the validator of the bytes that are there; null for any
 * @throws RemoteChanged; LlmbenchError `network` as HttpClient does
 */
export async function askForBytes(
  [start, end]: ByteRange,
  expected: string | null,
  { remote, http, signal }: Asking,
): Promise<Given> {
  const answer = await http.open(remote.url, {
    // No If-Range: the answer's own mark is compared before a byte of it is taken, weak ones and dates too.
    headers: { range: `bytes=${start}-${end - 1}` },
    signal,
    patient: true,
    answers: [416],
  });
  const { status, body } = answer;
  const validator = validatorOf(answer);
  const change = changeOf(answer, start, remote.sizeBytes);
  if (change !== null || (expected !== null && validator !== expected)) {
    await body.dump().catch(() => {});
    throw new RemoteChanged(change ?? "it has another version mark");
  }
  return { body, ranged: status === 206, validator };
}

/** What doesn't agree with the file as it was listed; null where all does. */
function changeOf({ status, headers }: HttpAnswer, start: number, size: number): string | null {
  if (status === 206) {
    const [, from, total] =
      /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
    if (Number(from) !== start) return "it gives other bytes than were asked for";
    return total === "*" || Number(total) === size ? null : `it has ${total} bytes, not ${size}`;
  }
  if (status !== 200) return "it is shorter than it was";
  const length = headers["content-length"];
  return length === undefined || Number(length) === size
    ? null
    : `it has ${length} bytes, not ${size}`;
}

/** The hub's checksum where it states one: its stores may mark the same file differently. */
function validatorOf({ firstHeaders, headers }: HttpAnswer): string | null {
  return firstHeaders["x-linked-etag"] ?? headers["etag"] ?? headers["last-modified"] ?? null;
}
