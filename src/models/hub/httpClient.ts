/**
 * Requests to model hubs and other servers: proxies, timeouts, redirects, patience with busy servers, and a token that
 * only the hub itself ever sees.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { lazyPackage } from "../../base/lazyPackage.ts";
import { LlmbenchError } from "../../errors.ts";
import { hubEndpoint, hubToken, type Env } from "./hubEndpoint.ts";
import { hubRefused } from "./hubRefusal.ts";
import { isPassing, refused, shownUrl, unreachable } from "./networkFailure.ts";

const http = lazyPackage("undici");

export interface HttpOptions {
  readonly env?: Env;
  /** Attempts at one request, the first included. */
  readonly attempts?: number;
  /** First pause between attempts, in milliseconds; each next one is twice as long. */
  readonly firstPauseMs?: number;
  /** Longest silence of a server, before its headers or between two pieces of its answer, in milliseconds. */
  readonly silenceMs?: number;
}

export interface RequestOptions {
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Statuses of 400 or more that are answers to the caller, and no failures. */
  readonly answers?: readonly number[];
  /** Also tries again what is hardly ever a matter of a moment: once it worked, a network comes back. */
  readonly patient?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the first response, where that was a redirect: it may tell what its target doesn't. */
  readonly firstHeaders: Readonly<Record<string, string>>;
  /** Where the answer came from. May hold a signature: not to be shown or kept. */
  readonly finalUrl: string;
  readonly body: Dispatcher.ResponseData["body"];
}

/** Browsers stop at 20; no hub needs more than two. */
const maxRedirects = 8;

/** A server that asks for longer patience gets told on instead of waited for, in seconds. */
const longestWaitSeconds = 120;

/** Of a listing: the largest repositories' have some megabytes. */
const maxTextBytes = 16 * 2 ** 20;

export class HttpClient {
  readonly endpoint: string;
  readonly hasToken: boolean;
  readonly #token: string | undefined;
  readonly #dispatcher: Dispatcher;
  readonly #attempts: number;
  readonly #firstPauseMs: number;

  /** @throws LlmbenchError `config` for a proxy or an endpoint that is no address. */
  constructor(options: HttpOptions = {}) {
    const { env = process.env, attempts = 5, firstPauseMs = 1000, silenceMs = 30_000 } = options;
    this.endpoint = hubEndpoint(env);
    this.#token = hubToken(env);
    this.hasToken = this.#token !== undefined;
    this.#attempts = attempts;
    this.#firstPauseMs = firstPauseMs;
    this.#dispatcher = proxyAgent(env, silenceMs);
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  /**
   * The answer with its body still to be read (or `body.dump()`ed). Busy servers are asked again.
   *
   * @throws LlmbenchError `network` for a host out of reach and for a status of 400 or more; the signal's reason.
   */
  async open(url: string, options: RequestOptions = {}): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= this.#attempts;
      const pauseMs = this.#firstPauseMs * 2 ** (attempt - 1);
      let answer: HttpAnswer;
      try {
        answer = await this.#follow(url, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (error instanceof LlmbenchError) throw error;
        if (last || (options.patient !== true && !isPassing(error))) throw unreachable(url, error);
        await pause(pauseMs, options.signal);
        continue;
      }
      if (answer.status < 400 || options.answers?.includes(answer.status) === true) return answer;
      await answer.body.dump().catch(() => {});
      const wait = waitSeconds(answer.headers);
      const busy = answer.status === 429 || answer.status >= 500;
      if (last || !busy || (wait ?? 0) > longestWaitSeconds) throw this.#refusal(url, answer, wait);
      await pause(wait === undefined ? pauseMs : wait * 1000, options.signal);
    }
  }

  /** @throws LlmbenchError as open does, and for an answer that is no JSON. */
  async json(
    url: string,
    signal?: AbortSignal,
  ): Promise<{ readonly value: unknown; readonly headers: HttpAnswer["headers"] }> {
    const { body, headers } = await this.open(url, { signal });
    try {
      return { value: JSON.parse((await whole(body, maxTextBytes)).toString("utf8")), headers };
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof SyntaxError || error instanceof RangeError
        ? notJson(url, error)
        : unreachable(url, error);
    }
  }

  async #follow(
    url: string,
    { method = "GET", headers, signal }: RequestOptions,
  ): Promise<HttpAnswer> {
    let at = new URL(url);
    // Once an answer led elsewhere the token stays behind for good, even if the way leads back.
    let trusted = at.origin === new URL(this.endpoint).origin;
    const login = loginOf(at);
    const firstOrigin = at.origin;
    let firstHeaders: HttpAnswer["headers"] | undefined;
    for (let hop = 0; ; hop++) {
      trusted &&= at.origin === firstOrigin;
      const authorization = trusted && this.#token !== undefined ? `Bearer ${this.#token}` : login;
      const response = await http().request(`${at.origin}${at.pathname}${at.search}`, {
        method,
        dispatcher: this.#dispatcher,
        headers: {
          // Ranges count bytes of the file, not of a compressed one.
          "accept-encoding": "identity",
          "user-agent": "llmbench",
          ...headers,
          ...(authorization !== undefined && at.origin === firstOrigin ? { authorization } : {}),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      const found = singleHeaders(response.headers);
      firstHeaders ??= found;
      const location = found["location"];
      const { statusCode: status, body } = response;
      if (status < 301 || status > 308 || status === 304 || location === undefined) {
        return { status, headers: found, firstHeaders, finalUrl: at.href, body };
      }
      await body.dump().catch(() => {});
      if (hop === maxRedirects) throw misled(url, `it redirects more than ${maxRedirects} times`);
      at = redirected(url, at, location);
    }
  }

  #refusal(url: string, { status, headers }: HttpAnswer, wait: number | undefined): LlmbenchError {
    const isHub = new URL(url).origin === new URL(this.endpoint).origin;
    return (
      (isHub ? hubRefused(url, status, headers, this) : undefined) ?? refused(url, status, wait)
    );
  }
}

function proxyAgent(env: Env, silenceMs: number): Dispatcher {
  const value = (name: string) => env[name.toLowerCase()] || env[name] || "";
  try {
    return new (http().EnvHttpProxyAgent)({
      httpProxy: value("HTTP_PROXY"),
      httpsProxy: value("HTTPS_PROXY"),
      noProxy: value("NO_PROXY"),
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      connect: { timeout: Math.min(silenceMs, 20_000) },
    });
  } catch {
    // Its text, and the library's words about it, may hold a password.
    throw new LlmbenchError(
      "config",
      "HTTP_PROXY or HTTPS_PROXY: expected an address like http://proxy.example:3128, got another text",
    );
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // Clients that were refused together shall not come back together.
  await sleep(ms * (1 + Math.random() / 4), undefined, signal === undefined ? {} : { signal });
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). */
function waitSeconds(headers: HttpAnswer["headers"]): number | undefined {
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/** Of `https://user:password@host/…`. */
function loginOf({ username, password }: URL): string | undefined {
  if (username === "") return undefined;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

function redirected(url: string, from: URL, location: string): URL {
  if (!URL.canParse(location, from.href))
    throw misled(url, "it redirects to something that is no address");
  const to = new URL(location, from);
  if (to.protocol === "https:" || (to.protocol === "http:" && from.protocol === "http:")) return to;
  throw misled(url, `it redirects from ${from.protocol} to ${to.protocol}, which is less safe`);
}

function misled(url: string, problem: string): LlmbenchError {
  return new LlmbenchError("network", `${shownUrl(url)}: ${problem}; check the address`);
}

function notJson(url: string, cause: unknown): LlmbenchError {
  return new LlmbenchError(
    "network",
    `${shownUrl(url)}: expected a hub's listing in JSON, got something else; is HF_ENDPOINT a hub, and does this network need a login page?`,
    { cause },
  );
}

function singleHeaders(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

/** @throws RangeError where there is more than `limit`. */
export async function whole(body: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > limit) throw new RangeError(`more than ${limit} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
