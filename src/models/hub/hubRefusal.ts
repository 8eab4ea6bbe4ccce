/** A hub's refusals in words: it says why in `x-error-code` (huggingface_hub, utils/_http.py, hf_raise_for_status). */
import { LlmbenchError } from "../../errors.ts";
import { shownUrl } from "./networkFailure.ts";

export interface HubVisitor {
  readonly endpoint: string;
  readonly hasToken: boolean;
}

/** undefined for a status that means the same on any server. */
export function hubRefused(
  url: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  visitor: HubVisitor,
): LlmbenchError | undefined {
  if (![401, 403, 404].includes(status)) return undefined;
  const repo = repoOf(url, visitor.endpoint);
  const place = repo === undefined ? shownUrl(url) : `hf:${repo}`;
  const words = wordsOf(status, headers["x-error-code"], repo, visitor);
  return new LlmbenchError("network", `${place}: ${words}`);
}

function wordsOf(
  status: number,
  code: string | undefined,
  repo: string | undefined,
  { endpoint, hasToken }: HubVisitor,
): string {
  const page = `${endpoint}/${repo ?? ""}`;
  const tokens = `${endpoint}/settings/tokens`;
  if (code === "GatedRepo" || (code === undefined && status === 403)) {
    return hasToken
      ? `gated, and HF_TOKEN's owner has no access (${status}): accept the terms at ${page}, or use a token that may read gated repositories (${tokens})`
      : `gated (${status}): accept the terms at ${page}, make a token at ${tokens} and set HF_TOKEN to it`;
  }
  if (code === "EntryNotFound")
    return `there is no such file in the repository (404); ${page} lists them`;
  if (code === "RevisionNotFound") return `the repository has no branch main (404); see ${page}`;
  if (status === 404 && code === undefined) {
    return `there is no such repository or file (404); check its name at ${page}`;
  }
  // The hub doesn't tell strangers what is private from what isn't there.
  return hasToken
    ? `there is no such repository, or HF_TOKEN may not read it (${status}); check its name at ${page} and the token at ${tokens}`
    : `there is no such repository, or it is private (${status}); check its name at ${page}, or set HF_TOKEN to a token from ${tokens}`;
}

/** `user/repo` of an address of the hub's API or of one of its files. */
function repoOf(url: string, endpoint: string): string | undefined {
  if (!url.startsWith(`${endpoint}/`)) return undefined;
  const path = new URL(url).pathname.slice(new URL(endpoint).pathname.replace(/\/$/, "").length);
  const [user, repo] = path.replace(/^\/(api\/models\/)?/, "").split("/");
  return user && repo ? `${user}/${repo}` : undefined;
}
