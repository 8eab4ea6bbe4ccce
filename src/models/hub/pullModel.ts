/** Downloads a model's files, what is missing of them, into the cache. */
import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { allOrAbort } from "../../base/allOrAbort.ts";
import { takeLock } from "../../base/lockFile.ts";
import { realFolder } from "../../base/cacheFolder.ts";
import { keepFileSha256, modelSha256 } from "../fileDigest.ts";
import { bytesIn } from "./byteRanges.ts";
import { Connections } from "./connections.ts";
import { downloadFile, type Download } from "./downloadFile.ts";
import { DigestThread } from "./digestThread.ts";
import { diskFailure } from "./diskFailure.ts";
import type { HttpClient } from "./httpClient.ts";
import { keptRanges } from "./partFile.ts";
import { usualPatience, type Patience } from "./patience.ts";
import type { RemoteFile, RemoteModel } from "./resolveFiles.ts";

export type PullEvent =
  /** Bytes on disk of the files that are being downloaded, of all their bytes. */
  | { readonly type: "bytes"; readonly done: number; readonly total: number }
  | { readonly type: "verifying"; readonly file: RemoteFile }
  | {
      readonly type: "verified";
      readonly file: RemoteFile;
      readonly path: string;
      readonly sha256: string;
    }
  | { readonly type: "notice"; readonly text: string };

export interface PullOptions {
  readonly http: HttpClient;
  readonly cacheDir: string;
  /** Connections at once, over all files. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: PullEvent) => void;
  readonly patience?: Patience;
}

/** A file of a model before it is pulled. */
export interface PullItem {
  readonly remote: RemoteFile;
  readonly path: string;
  /** There already, with the checksum, or the size, that is stated. */
  readonly present: boolean;
  /** Another file of that name is there. */
  readonly replaces: boolean;
  /** Not on disk yet. */
  readonly missingBytes: number;
}

/**
 * What a pull would do. Files that are there are digested, unless that is known.
 *
 * @throws a system error where the cache can't be read
 */
export async function planPull(
  model: RemoteModel,
  { cacheDir, signal }: Pick<PullOptions, "cacheDir" | "signal">,
): Promise<readonly PullItem[]> {
  const folder = join(realFolder(cacheDir), ...model.folder);
  const items: PullItem[] = [];
  for (const remote of model.files) {
    const path = join(folder, remote.name);
    const there = await stat(path).catch(() => null);
    const present = there !== null && (await isSame(path, there, remote, { cacheDir, signal }));
    const kept = present ? remote.sizeBytes : bytesIn(await keptRanges(path, remote));
    const replaces = there !== null && !present;
    items.push({ remote, path, present, replaces, missingBytes: remote.sizeBytes - kept });
  }
  return items;
}

/**
 * Downloads what isn't present. Parts of what fails stay and are gone on with next time.
 *
 * @throws RemoteChanged; LlmbenchError `network` or `output`; the signal's reason
 */
export async function pullFiles(items: readonly PullItem[], options: PullOptions): Promise<void> {
  const due = items.filter(({ present }) => !present);
  if (due.length === 0) return;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const file = pLimit(options.parallel);
  const connections = new Connections(options.parallel);
  const digests = new DigestThread();
  const done = new Map(
    due.map(({ path, remote, missingBytes }) => [path, remote.sizeBytes - missingBytes]),
  );
  const total = due.reduce((sum, { remote }) => sum + remote.sizeBytes, 0);
  const running = due.map((item) =>
    file(async () => {
      signal.throwIfAborted();
      if (item.replaces) {
        options.onEvent({
          type: "notice",
          text: `${item.path} is another file than the one to pull, and is replaced by it`,
        });
      }
      const onBytes = (bytes: number) => {
        done.set(item.path, bytes);
        const sum = [...done.values()].reduce((a, b) => a + b, 0);
        options.onEvent({ type: "bytes", done: sum, total });
      };
      const own = connections.open();
      await pullFile(item, options, {
        http: options.http,
        connections: own,
        digests,
        patience: options.patience ?? usualPatience,
        signal,
        onBytes,
        onVerify: () => options.onEvent({ type: "verifying", file: item.remote }),
        onNotice: (text) => options.onEvent({ type: "notice", text }),
      }).finally(() => own.close());
    }),
  );
  try {
    await allOrAbort(running, stop);
  } finally {
    await digests.close();
  }
}

async function pullFile(
  { remote, path }: PullItem,
  { cacheDir, onEvent }: PullOptions,
  download: Download,
): Promise<void> {
  const lock = await takeLock(lockPath(path), {
    held: (pid, since) => `${path}: process ${pid} has been pulling it since ${since}; wait for it`,
    otherwise: "wait for that pull, or set TMPDIR to another folder where none is",
    elsewhere: "set TMPDIR to a folder that can be written",
  });
  try {
    const sha256 = await downloadFile(remote, path, download);
    await keepFileSha256(path, sha256, cacheDir);
    onEvent({ type: "verified", file: remote, path, sha256 });
  } catch (error) {
    throw diskFailure(path, error);
  } finally {
    lock.release();
  }
}

/** On a file system of the system's own: those of external disks often have no links to lock with. */
function lockPath(path: string): string {
  const digest = createHash("sha256").update(path).digest("hex").slice(0, 16);
  return join(tmpdir(), `llmbench-pull-${digest}.lock`);
}

async function isSame(
  path: string,
  there: Stats,
  { sizeBytes, sha256 }: RemoteFile,
  { cacheDir, signal }: Pick<PullOptions, "cacheDir" | "signal">,
): Promise<boolean> {
  if (!there.isFile() || there.size !== sizeBytes) return false;
  if (sha256 === null) return true;
  return (await modelSha256([path], { cacheDir, signal, onProgress: () => {} })) === sha256;
}
