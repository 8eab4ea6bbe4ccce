/** A remote model's files: where they are, how large, and what their bytes must digest to. */
import { LlmbenchError } from "../../errors.ts";
import { chooseFiles } from "./chooseFiles.ts";
import { listRepository } from "./hubListing.ts";
import type { HttpClient } from "./httpClient.ts";
import { shownUrl } from "./networkFailure.ts";
import { fileNameOf, isPlainPath, parseRemoteSpec, type RemoteSpec } from "./remoteSpec.ts";
import { splitSet } from "./splitNames.ts";

export interface RemoteFile {
  /** Without folders. */
  readonly name: string;
  /** May hold a password or a signature: shown as shownUrl writes it. */
  readonly url: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal; null where the server states none. */
  readonly sha256: string | null;
}

export interface RemoteModel {
  /** Fit to be shown. */
  readonly spec: string;
  /** Names, outermost first, of the folder for its files below a cache. */
  readonly folder: readonly string[];
  /** In the order of a split model's parts. */
  readonly files: readonly [RemoteFile, ...RemoteFile[]];
}

export interface ResolveOptions {
  /** Asked for beside the spec, as `--quant`; the spec's own wins. */
  readonly quantization?: string | null;
  readonly signal?: AbortSignal;
}

/**
 * Asks the hub, or the server, what there is.
 *
 * @throws LlmbenchError `usage` where the spec means nothing or too much, `network` as HttpClient does.
 */
export async function resolveFiles(
  spec: string,
  http: HttpClient,
  options: ResolveOptions = {},
): Promise<RemoteModel> {
  const parsed = parseRemoteSpec(spec);
  return parsed.kind === "url" ? atUrl(parsed, http, options) : onHub(parsed, http, options);
}

async function onHub(
  spec: Extract<RemoteSpec, { kind: "hub" }>,
  http: HttpClient,
  { quantization = null, signal }: ResolveOptions,
): Promise<RemoteModel> {
  const listed = await listRepository(spec.repo, http, signal);
  const chosen = chooseFiles(spec, listed, quantization);
  const files = chosen.map(({ path, bytes, sha256 }) => {
    if (!isPlainPath(path)) throw badName(spec.spec, path);
    const address = path.split("/").map(encodeURIComponent).join("/");
    return {
      name: path.slice(path.lastIndexOf("/") + 1),
      url: `${http.endpoint}/${spec.repo}/resolve/main/${address}`,
      sizeBytes: bytes,
      sha256,
    };
  });
  const folders = (chosen[0]?.path ?? "").split("/").slice(0, -1);
  return {
    spec: spec.spec,
    folder: ["hf", ...spec.repo.split("/"), ...folders],
    files: some(files),
  };
}

async function atUrl(
  { spec, url }: Extract<RemoteSpec, { kind: "url" }>,
  http: HttpClient,
  { signal }: ResolveOptions,
): Promise<RemoteModel> {
  const { folder, names } = urlFolder(url);
  const files: RemoteFile[] = [];
  for (const name of names) {
    const address = new URL(url);
    address.pathname = address.pathname.replace(/[^/]*$/, encodeURIComponent(name));
    files.push({ name, url: address.href, ...(await stated(address.href, http, signal)) });
  }
  return { spec, folder, files: some(files) };
}

/** Where the files of an address go, and their names. @throws LlmbenchError `usage` for a name that can't be one. */
export function urlFolder(url: string): {
  readonly folder: readonly string[];
  readonly names: readonly string[];
} {
  const { hostname, port, pathname } = new URL(url);
  const name = fileNameOf(pathname);
  if (name === null) throw badName(shownUrl(url), pathname);
  const host = [hostname.replaceAll(/[^\w.-]/g, "_"), port].filter(Boolean).join("_");
  const folders = pathname
    .split("/")
    .slice(1, -1)
    .map((part) => part.replaceAll(/[^\w-]+/g, "_"))
    .filter((part) => part !== "");
  return { folder: ["url", host, ...folders], names: splitSet(name) };
}

/** Size and checksum that a server states; `x-linked-…` are the hub's, before it redirects to its store. */
async function stated(
  url: string,
  http: HttpClient,
  signal: AbortSignal | undefined,
): Promise<Pick<RemoteFile, "sizeBytes" | "sha256">> {
  const { firstHeaders, headers, body } = await http.open(url, { method: "HEAD", signal });
  await body.dump();
  const size = firstHeaders["x-linked-size"] ?? headers["content-length"];
  const etag = /^"?([0-9a-f]{64})"?$/.exec(firstHeaders["x-linked-etag"] ?? "")?.[1] ?? null;
  if (size !== undefined && /^\d{1,15}$/.test(size))
    return { sizeBytes: Number(size), sha256: etag };
  throw new LlmbenchError(
    "network",
    `${shownUrl(url)}: the server doesn't say how large the file is; download it yourself and give its path as --model`,
  );
}

function some(files: readonly RemoteFile[]): RemoteModel["files"] {
  const [first, ...rest] = files;
  if (first === undefined) throw new Error("a model has a file");
  return [first, ...rest];
}

function badName(spec: string, path: string): LlmbenchError {
  return new LlmbenchError(
    "usage",
    `${spec}: ${JSON.stringify(path)} can't be a file's name on every system; download it yourself under another`,
  );
}
