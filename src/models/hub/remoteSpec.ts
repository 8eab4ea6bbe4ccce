/** Models that are somewhere else: `hf:user/repo:QUANT`, `hf:user/repo/file.gguf`, `https://host/file.gguf`. */
import { LlmbenchError } from "../../errors.ts";
import { shownUrl } from "./networkFailure.ts";

export type RemoteSpec =
  | {
      readonly kind: "hub";
      /** As typed. */
      readonly spec: string;
      /** `user/repo`. */
      readonly repo: string;
      /** As typed behind the colon: repositories have more names than llmbench. */
      readonly quantization: string | null;
      /** Path in the repository; of a split model any of its files. */
      readonly file: string | null;
    }
  | {
      readonly kind: "url";
      /** Fit to be shown: without user, password and query. */
      readonly spec: string;
      readonly url: string;
    };

export function isRemote(spec: string): boolean {
  return /^(hf:|https?:)/i.test(spec.trim());
}

/** The hub's own rule: letters, digits, dots, dashes and underscores, and no way up. */
const namePattern = /^(?!\.{1,2}$)[\w.-]{1,96}$/;

/** @throws LlmbenchError `usage` for what is no such spec. */
export function parseRemoteSpec(text: string): RemoteSpec {
  const spec = text.trim();
  if (/^https?:/i.test(spec)) return urlSpec(spec);
  const [, path = "", quantization = null] = /^hf:([^:]*)(?::(.*))?$/i.exec(spec) ?? [];
  const [user = "", repo = "", ...rest] = path.split("/");
  const file = rest.length === 0 ? null : rest.join("/");
  const fine =
    [user, repo].every((name) => namePattern.test(name)) &&
    (quantization === null || (file === null && /^[\w.-]+$/.test(quantization))) &&
    (file === null || (/\.gguf$/i.test(file) && isPlainPath(file)));
  if (fine) return { kind: "hub", spec, repo: `${user}/${repo}`, quantization, file };
  throw new LlmbenchError(
    "usage",
    `model ${JSON.stringify(spec)}: expected hf:user/repo:QUANT or hf:user/repo/file.gguf`,
  );
}

/** Made of names alone, so that it can't lead out of a folder on any system. */
export function isPlainPath(path: string): boolean {
  return path
    .split("/")
    .every((name) => /^[^\\:*?"<>|\p{C}]{1,200}$/u.test(name) && !/^\.|[. ]$/.test(name));
}

function urlSpec(spec: string): RemoteSpec {
  const shown = shownUrl(spec);
  const path = URL.canParse(spec) ? new URL(spec).pathname : "";
  const name = fileNameOf(path);
  if (name !== null && /\.gguf$/i.test(name)) return { kind: "url", spec: shown, url: spec };
  throw new LlmbenchError(
    "usage",
    `model ${shown}: expected the address of a .gguf file; of a repository on Hugging Face write hf:user/repo`,
  );
}

/** The last part of an address's path, as a file may be called on any system; null where it can't. */
export function fileNameOf(pathname: string): string | null {
  try {
    const name = decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
    return isPlainPath(name) && !name.includes("/") ? name : null;
  } catch {
    return null;
  }
}
