/** What a repository of the hub holds, with sizes and checksums. */
import { z } from "zod";
import { LlmbenchError } from "../../errors.ts";
import type { HttpClient } from "./httpClient.ts";

/** A foreign interface: what it adds one day is none of our business. */
const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().int().min(0).default(0),
    lfs: z.object({ oid: z.string(), size: z.number().int().min(0) }).optional(),
  }),
);

export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  /** Null for small files that git itself holds. */
  readonly sha256: string | null;
}

/** A page has 1000 entries; no repository of models has this many. */
const maxPages = 50;

/** The .gguf files of `user/repo`, on its main branch. @throws LlmbenchError `network`. */
export async function listRepository(
  repo: string,
  http: HttpClient,
  signal?: AbortSignal,
): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = [];
  let url: string | null = `${http.endpoint}/api/models/${repo}/tree/main?recursive=true`;
  for (let page = 0; url !== null && page < maxPages; page++) {
    const { value, headers } = await http.json(url, signal);
    const tree = treeSchema.safeParse(value);
    if (!tree.success) {
      throw new LlmbenchError(
        "network",
        `hf:${repo}: the hub's listing isn't in the form that llmbench knows; give the file as hf:${repo}/FILE.gguf, or download it yourself`,
        { cause: tree.error },
      );
    }
    for (const { type, path, size, lfs } of tree.data) {
      if (type !== "file" || !/\.gguf$/i.test(path)) continue;
      files.push({ path, bytes: lfs?.size ?? size, sha256: sha256Of(lfs?.oid) });
    }
    url = nextPage(headers["link"], url, http.endpoint);
  }
  return files;
}

function sha256Of(oid: string | undefined): string | null {
  return oid !== undefined && /^[0-9a-f]{64}$/.test(oid) ? oid : null;
}

/** `Link: <…>; rel="next"` (RFC 8288), on the hub itself. */
function nextPage(link: string | undefined, from: string, endpoint: string): string | null {
  const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (next === undefined || !URL.canParse(next, from)) return null;
  const url = new URL(next, from);
  return url.origin === new URL(endpoint).origin ? url.href : null;
}
