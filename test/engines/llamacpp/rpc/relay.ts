/** A relay before a server and the port beside it: a link with a delay, and one that is cut. */
import { createServer } from "node:net";
import { afterAll } from "vitest";
import { openRelay, type Relay as OpenRelay } from "../../../../scripts/bench/link/relay.mjs";
import { freePort } from "./lent.ts";

export interface Relay extends Pick<OpenRelay, "cut" | "breakOff"> {
  readonly host: string;
  readonly port: number;
}

export interface RelayOptions {
  /** Of a round trip. */
  readonly delayMs?: number;
  /** What answers in place of the port beside the server's. */
  readonly facts?: string;
}

export async function relayTo(
  target: { readonly host: string; readonly port: number },
  { delayMs = 0, facts }: RelayOptions = {},
): Promise<Relay> {
  const host = "127.0.0.1";
  const port = await freePort(host);
  const relay = await openRelay({ host, port }, target, { delayMs });
  const beside =
    facts === undefined
      ? await openRelay({ host, port: port + 1 }, { ...target, port: target.port + 1 }, { delayMs })
      : await answering(host, port + 1, `${facts}\n`);
  afterAll(async () => {
    await relay.close();
    await beside.close();
  });
  return {
    host,
    port,
    cut() {
      relay.cut();
      beside.cut();
    },
    breakOff: relay.breakOff,
  };
}

async function answering(
  host: string,
  port: number,
  text: string,
): Promise<Pick<OpenRelay, "close" | "cut">> {
  const server = createServer((socket) => socket.end(text));
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    cut: () => {},
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
