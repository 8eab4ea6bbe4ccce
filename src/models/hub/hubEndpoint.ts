/** Where the hub is, and who asks: the variables and the token file that huggingface_hub reads. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { LlmbenchError } from "../../errors.ts";

export type Env = Readonly<NodeJS.ProcessEnv>;

const publicHub = "https://huggingface.co";

/**
 * `HF_ENDPOINT`, else the public hub; no slash at its end.
 *
 * @throws LlmbenchError `config` where it is no address.
 */
export function hubEndpoint(env: Env = process.env): string {
  const set = textOf(env, "HF_ENDPOINT");
  if (set === undefined) return publicHub;
  const url = URL.canParse(set) ? new URL(set) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new LlmbenchError(
      "config",
      `HF_ENDPOINT: expected an address like ${publicHub}, got another text; unset it for the public hub`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** `HF_HOME`, else the folder that huggingface_hub uses. */
export function hubHome(env: Env = process.env): string {
  const cache = textOf(env, "XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  return textOf(env, "HF_HOME") ?? join(cache, "huggingface");
}

/** `HF_TOKEN`, else what `hf auth login` stored; undefined for nobody. It goes to the endpoint's own origin alone. */
export function hubToken(env: Env = process.env): string | undefined {
  const set = textOf(env, "HF_TOKEN") ?? textOf(env, "HUGGING_FACE_HUB_TOKEN");
  if (set !== undefined) return set.trim();
  try {
    const stored = readFileSync(
      textOf(env, "HF_TOKEN_PATH") ?? join(hubHome(env), "token"),
      "utf8",
    );
    return stored.trim() || undefined;
  } catch {
    return undefined;
  }
}

function textOf(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}
