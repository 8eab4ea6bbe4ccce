import { createServer, type Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { findServers } from "../../../../src/engines/llamacpp/rpc/servers.ts";
import { RpcConnection } from "../../../../src/engines/llamacpp/rpc/rpcConnection.ts";
import { canServe, freePort, lend, type Lent } from "./lent.ts";
import { relayTo } from "./relay.ts";

async function listening(onSocket: (socket: Socket) => void): Promise<string> {
  const port = await freePort();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${port}`;
}

describe("servers that aren't there", () => {
  it("are named where they accept and say nothing", async () => {
    const silent = await listening(() => {});
    await expect(findServers(silent)).rejects.toThrow(
      `RPC server ${silent} accepts connections and doesn't answer`,
    );
  });

  it("are named where they hang up", async () => {
    const rude = await listening((socket) => socket.destroy());
    await expect(findServers(rude)).rejects.toThrow(/closed the connection/u);
  });

  it("are named where no machine has their name", async () => {
    await expect(findServers("nowhere.invalid:50052")).rejects.toThrow(
      "RPC server nowhere.invalid:50052 can't be reached: no machine has that name",
    );
  });
});

describe.runIf(canServe)("servers that are there", async () => {
  const server = canServe ? await lend() : (null as unknown as Lent);
  const here = `127.0.0.1:${server?.port}`;

  it("are taken once, whatever they are called", async () => {
    await expect(findServers(`${here},localhost:${server.port}`)).rejects.toThrow(
      `localhost:${server.port} is the same server as ${here}`,
    );
    const tunnel = await relayTo(server);
    await expect(findServers(`${here},127.0.0.1:${tunnel.port}`)).rejects.toThrow(/same server/u);
  });

  it("say that they serve another client", async () => {
    const other = await RpcConnection.open(server);
    await expect(findServers(here)).rejects.toThrow(/it serves another client/u);
    other.close();
    await expect(findServers(here)).resolves.toHaveLength(1);
  });

  it("are told where something else is on the port that tells the build", async () => {
    const relay = await relayTo(server, { facts: "HTTP/1.1 400 Bad Request" });
    await expect(findServers(`127.0.0.1:${relay.port}`)).rejects.toThrow(
      new RegExp(`something else does on port ${relay.port + 1}`, "u"),
    );
  });
});
