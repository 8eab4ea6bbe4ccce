/** Addresses of llama.cpp's RPC servers, as the user types them. */
import { isIP } from "node:net";
import type { ValueKind } from "../../../flags/valueKinds.ts";

/** Where `llmbench rpc` listens when nothing else is said, as llama.cpp's own server does (tools/rpc, v0.4.0). */
export const usualPort = 50_052;

/** GGML_RPC_MAX_SERVERS, ggml/include/ggml-rpc.h, v0.4.0. */
const mostServers = 16;

/** The next one answers which build serves. */
const largestPort = 65_534;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export function endpointText({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

/** The port beside a server's own that tells what serves there. */
export function factsPort({ port }: Endpoint): number {
  return port + 1;
}

/** Null where a text is no list of them. */
export function parseEndpoints(text: string): readonly Endpoint[] | null {
  const found = text.split(",").map((part) => parseEndpoint(part.trim()));
  const read = found.filter((one) => one !== null);
  if (read.length !== found.length || read.length > mostServers) return null;
  const distinct = new Set(read.map(endpointText));
  return distinct.size === read.length ? read : null;
}

/** llama.cpp's transport knows IPv4 alone, and takes the first colon for the port's (transport.cpp, v0.4.0). */
function parseEndpoint(text: string): Endpoint | null {
  const [, host, port] = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/iu.exec(text) ?? [];
  if (host === undefined) return null;
  if (/^[\d.]+$/u.test(host) && isIP(host) !== 4) return null;
  const number = port === undefined ? usualPort : Number(port);
  return number >= 1 && number <= largestPort ? { host, port: number } : null;
}

/** Read to the text again, each with its port: the journal keeps it. */
export function endpoints(): ValueKind<string> {
  return {
    expected: `up to ${mostServers} servers, each once, as HOST:PORT with a name or an IPv4 address`,
    argument: "HOST:PORT,…",
    commaSeparates: false,
    json: { type: "string", minLength: 1 },
    read(value) {
      const found = typeof value === "string" ? parseEndpoints(value) : null;
      return found === null ? undefined : [found.map(endpointText).join(",")];
    },
  };
}
