/** A TCP relay of the tests' own before a server and the port beside it: a link with a delay, and one that is cut. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll } from "vitest";
import { freePort } from "./lent.ts";

export interface Relay {
  readonly host: string;
  readonly port: number;
  /** From now on nothing goes through, and nobody is told: a cable that was pulled. */
  cut(): void;
  /** Both ends are told. */
  close(): void;
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
  const link: Link = { delayMs, isCut: false, sockets: new Set() };
  await listen(
    createServer((socket) => carry(socket, target.host, target.port, link)),
    host,
    port,
  );
  await listen(
    createServer((socket) => {
      if (facts === undefined) carry(socket, target.host, target.port + 1, link);
      else socket.end(`${facts}\n`);
    }),
    host,
    port + 1,
  );
  return {
    host,
    port,
    cut() {
      link.isCut = true;
    },
    close() {
      for (const socket of link.sockets) socket.destroy();
    },
  };
}

interface Link {
  readonly delayMs: number;
  isCut: boolean;
  readonly sockets: Set<Socket>;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  afterAll(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

function carry(near: Socket, host: string, port: number, link: Link): void {
  const far = connect({ host, port, noDelay: true });
  near.setNoDelay(true);
  link.sockets.add(near).add(far);
  forward(near, far, link);
  forward(far, near, link);
}

function forward(from: Socket, to: Socket, link: Link): void {
  const later = (act: () => void) => {
    if (link.delayMs === 0) act();
    else setTimeout(act, link.delayMs / 2);
  };
  const unlessCut = (act: () => void) =>
    later(() => {
      if (!link.isCut) act();
    });
  from.on("data", (chunk: Buffer) => unlessCut(() => to.write(chunk)));
  from.on("end", () => unlessCut(() => to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => unlessCut(() => to.destroy()));
}
