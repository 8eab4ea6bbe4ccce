/** What went wrong between here and a server, in words: cause, place, way out. */
import { LlmbenchError } from "../../errors.ts";

/** An address as it may be shown and kept: no user, no password, no query, where signatures and keys stand. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return "the address";
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

interface Cause {
  readonly pattern: RegExp;
  readonly words: string;
  /** Another attempt may succeed. */
  readonly passing: boolean;
}

/** By Node's and undici's error codes. */
const causes: readonly Cause[] = [
  {
    pattern: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/,
    words:
      "its name can't be looked up (DNS); is this machine online, or does it need HTTPS_PROXY?",
    passing: false,
  },
  {
    pattern: /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    words: "there is no route to it; is this machine online, or does it need HTTPS_PROXY?",
    passing: false,
  },
  {
    pattern: /^ECONNREFUSED$/,
    words: "it refuses connections; try again later, or check HF_ENDPOINT and HTTPS_PROXY",
    passing: false,
  },
  {
    pattern: /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    words: "it doesn't answer; try again later, or check the network and HTTPS_PROXY",
    passing: true,
  },
  {
    pattern: /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/,
    words:
      "its certificate can't be trusted; behind a proxy that opens TLS, set NODE_EXTRA_CA_CERTS to the proxy's certificate",
    passing: false,
  },
  {
    pattern: /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/,
    words: "it fell silent; try again later",
    passing: true,
  },
  {
    pattern:
      /^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_.*)$/,
    words: "the connection broke; try again later",
    passing: true,
  },
];

const otherCause = { words: "the request failed; try again later", passing: true };

function codeOf(error: unknown): string {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    if (code !== undefined) return code;
    // Node tries a host's addresses in turn and gathers what each said.
    if (one instanceof AggregateError && one.errors[0] !== undefined) return codeOf(one.errors[0]);
  }
  return "";
}

function causeOf(error: unknown): Pick<Cause, "words" | "passing"> {
  const code = codeOf(error);
  return causes.find(({ pattern }) => pattern.test(code)) ?? otherCause;
}

/** Whether the same request may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  return causeOf(error).passing;
}

/** @param url as asked for; what a redirect led to may hold a signature, and stays unsaid but for its host */
export function unreachable(url: string, error: unknown): LlmbenchError {
  return new LlmbenchError("network", `${shownUrl(url)}: ${causeOf(error).words}`, {
    cause: error,
  });
}

/** What a status other than success means, where nobody knows better. */
export function refused(url: string, status: number, retryAfterSeconds?: number): LlmbenchError {
  return new LlmbenchError(
    "network",
    `${shownUrl(url)}: ${statusWords(status, retryAfterSeconds)}`,
  );
}

function statusWords(status: number, retryAfterSeconds: number | undefined): string {
  if (status === 401 || status === 403) {
    return `access denied (${status}); it needs a login that llmbench doesn't have: download it yourself and give its path as --model`;
  }
  if (status === 404 || status === 410)
    return `there is no such file (${status}); check the address`;
  if (status === 429) {
    const wait =
      retryAfterSeconds === undefined ? "later" : `in ${Math.ceil(retryAfterSeconds)} s or later`;
    return `too many requests (429); try again ${wait}, a hub grants more with HF_TOKEN`;
  }
  if (status >= 500) return `the server failed (${status}), several times; try again later`;
  return `the server answered ${status}, which llmbench doesn't expect of a file`;
}
