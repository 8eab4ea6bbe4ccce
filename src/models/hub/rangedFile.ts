/** Reads pieces of a remote file, without downloading the rest. */
import { toType } from "../../base/invocation.ts";
import { LlmbenchError } from "../../errors.ts";
import { whole, type HttpClient } from "./httpClient.ts";
import { shownUrl, unreachable } from "./networkFailure.ts";
import type { RemoteFile } from "./resolveFiles.ts";

export interface RangedFile {
  readonly sizeBytes: number;
  /**
   * `length` bytes from `offset` on; fewer at the file's end.
   *
   * @throws LlmbenchError `network`, also where the server gives no ranges.
   */
  read(offset: number, length: number): Promise<Buffer>;
}

export function openRangedFile(
  { url, sizeBytes }: Pick<RemoteFile, "url" | "sizeBytes">,
  http: HttpClient,
  signal?: AbortSignal,
): RangedFile {
  return {
    sizeBytes,
    async read(offset, length) {
      const end = Math.min(offset + length, sizeBytes);
      if (end <= offset) return Buffer.alloc(0);
      const range = `bytes=${offset}-${end - 1}`;
      const { status, headers, body } = await http.open(url, { headers: { range }, signal });
      if (
        status !== 206 ||
        headers["content-range"] !== `bytes ${offset}-${end - 1}/${sizeBytes}`
      ) {
        await body.dump().catch(() => {});
        throw status === 206 ? changed(url) : noRanges(url);
      }
      const bytes = await whole(body, end - offset).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw unreachable(url, error);
      });
      if (bytes.length !== end - offset) throw changed(url);
      return bytes;
    },
  };
}

function noRanges(url: string): LlmbenchError {
  return new LlmbenchError(
    "network",
    `${shownUrl(url)}: the server gives no parts of a file; pull the whole file (${toType("pull")}) and name it instead`,
  );
}

function changed(url: string): LlmbenchError {
  return new LlmbenchError(
    "network",
    `${shownUrl(url)}: the server gives other bytes than were asked for, the file may have changed; try again`,
  );
}
