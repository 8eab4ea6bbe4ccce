/** The model that an imitation goes by where it is on a hub: its headers in a few requests, small tensors in some more. */
import pLimit from "p-limit";
import { LlmbenchError } from "../errors.ts";
import { headerLimits } from "../gguf/headerLimits.ts";
import { beginningOf, HeaderGoesOn } from "../gguf/headerSource.ts";
import { parseGgufHeader, type GgufHeader } from "../gguf/readHeader.ts";
import { joinGgufFiles } from "../gguf/splitFile.ts";
import { HttpClient } from "./hub/httpClient.ts";
import { openRangedFile, type RangedFile } from "./hub/rangedFile.ts";
import { resolveFiles, type RemoteFile } from "./hub/resolveFiles.ts";
import { keepHeaders, keptHeaders, type KeptHeaders } from "./keptHeaders.ts";
import { tensorSpan, type Original, type OriginalTensor } from "./original.ts";

export interface RemoteQuestion {
  /** `hf:user/repo:QUANT`, `hf:user/repo/file.gguf`. */
  readonly spec: string;
  readonly cacheDir: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Headers that were fetched before are taken from the cache, and no network is touched.
 *
 * @throws LlmbenchError: `network`, `usage` as resolveFiles does, `input` for what is no GGUF file.
 */
export async function remoteOriginal(question: RemoteQuestion): Promise<Original> {
  const { spec, cacheDir } = question;
  const kept = keptHeaders(spec, cacheDir) ?? (await fetchHeaders(question));
  const [first, ...rest] = kept.files.map(({ name, sizeBytes, header }) =>
    parseGgufHeader(beginningOf(header, sizeBytes), name),
  );
  if (first === undefined) throw new Error("a model has a file");
  const gguf = joinGgufFiles([first, ...rest]);
  return {
    name: kept.spec,
    gguf,
    headerBytes: (file) => {
      const { header } = kept.files[file] ?? { header: Buffer.alloc(0) };
      return header.subarray(0, gguf.files[file]?.dataOffset);
    },
    readTensors: async (tensors, signal) =>
      withHttp(async (http) => {
        const files = kept.files.map((file) => openRangedFile(file, http, signal));
        return fetchTensors(gguf, tensors, files);
      }),
  };
}

async function withHttp<T>(use: (http: HttpClient) => Promise<T>): Promise<T> {
  const http = new HttpClient();
  try {
    return await use(http);
  } finally {
    await http.close();
  }
}

async function fetchHeaders({ spec, cacheDir, signal }: RemoteQuestion): Promise<KeptHeaders> {
  return withHttp(async (http) => {
    const remote = await resolveFiles(spec, http, signal === undefined ? {} : { signal });
    const files = [];
    for (const file of remote.files) {
      files.push({ ...file, header: await fetchHeader(file, http, signal) });
    }
    const found = { spec: remote.spec, files };
    await keepHeaders(spec, cacheDir, found);
    return found;
  });
}

/** Holds the header of most models; those with large vocabularies need as much as 13 MB. */
const firstBytes = 2 * 2 ** 20;

/** Asked for twice as much each time, until the header is whole. */
async function fetchHeader(
  file: RemoteFile,
  http: HttpClient,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const ranged = openRangedFile(file, http, signal);
  const most = Math.min(file.sizeBytes, headerLimits.headerBytes);
  let beginning = Buffer.alloc(0);
  for (let wanted = firstBytes; ; wanted *= 2) {
    const end = Math.min(wanted, most);
    const more = await ranged.read(beginning.length, end - beginning.length);
    beginning = Buffer.concat([beginning, more]);
    const header = parsed(beginning, file);
    if (header !== null) return beginning.subarray(0, header.dataOffset);
    if (end === most) {
      throw new LlmbenchError("input", `${file.name}: its header is longer than ${most} bytes`);
    }
  }
}

/** Null where it goes on. */
function parsed(beginning: Buffer, { name, sizeBytes }: RemoteFile): GgufHeader | null {
  try {
    return parseGgufHeader(beginningOf(beginning, sizeBytes), name);
  } catch (error) {
    if (error instanceof HeaderGoesOn) return null;
    throw error;
  }
}

/** Connections at once. */
const parallel = 8;

/** Tensors that lie as near are asked for together: less than what a request of its own would take. */
const nearBytes = 2 ** 18;

interface Piece {
  readonly file: number;
  readonly start: number;
  end: number;
}

async function fetchTensors(
  gguf: Original["gguf"],
  tensors: readonly OriginalTensor[],
  files: readonly RangedFile[],
): Promise<readonly Uint8Array[]> {
  const spans = tensors.map((tensor) => tensorSpan(gguf, tensor));
  const pieces: Piece[] = [];
  // Tensors come in the order of the files.
  const pieceOf = tensors.map(({ file }, index) => {
    const [start, end] = spans[index] ?? [0, 0];
    const last = pieces.at(-1);
    if (last !== undefined && last.file === file && start - last.end <= nearBytes) last.end = end;
    else pieces.push({ file, start, end });
    return pieces.length - 1;
  });
  const inTurn = pLimit(parallel);
  const fetched = await Promise.all(
    pieces.map(({ file, start, end }) =>
      inTurn(async () => files[file]?.read(start, end - start) ?? Buffer.alloc(0)),
    ),
  );
  return tensors.map((_, index) => {
    const [start, end] = spans[index] ?? [0, 0];
    const at = pieceOf[index] ?? 0;
    const from = pieces[at]?.start ?? 0;
    return fetched[at]?.subarray(start - from, end - from) ?? new Uint8Array();
  });
}
