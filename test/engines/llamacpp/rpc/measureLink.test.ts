import { createServer } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { afterAll, describe, expect, it } from "vitest";
import { measureLink } from "../../../../src/engines/llamacpp/rpc/measureLink.ts";
import { RpcConnection } from "../../../../src/engines/llamacpp/rpc/rpcConnection.ts";
import { canServe, freePort, lend, type Lent } from "./lent.ts";
import { relayTo } from "./relay.ts";

describe.runIf(canServe)("a link", async () => {
  const server = canServe ? await lend() : (null as unknown as Lent);

  it("is as far as its delay, and leaves the server to the next client", async () => {
    const near = await measureLink(server);
    const far = await measureLink(await relayTo(server, { delayMs: 20 }));
    expect(far.ms).toBeGreaterThanOrEqual(20);
    expect(near.ms).toBeLessThan(far.ms);
    for (const { upGbps, downGbps } of [near, far]) {
      expect(upGbps).toBeGreaterThan(0);
      expect(downGbps).toBeGreaterThan(0);
    }
  });

  it("tells a server that serves another client", async () => {
    const other = await RpcConnection.open(server);
    await expect(measureLink(server)).rejects.toThrow(/serves another client/u);
    other.close();
  });
});

describe("a greeting", () => {
  it("tells what is no RPC server", async () => {
    const port = await freePort();
    const http = createHttpServer((_, response) => response.end("hello"));
    await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
    afterAll(() => http.close());
    await expect(RpcConnection.open({ host: "127.0.0.1", port })).rejects.toThrow(
      /not as an RPC server|closed the connection/u,
    );
  });

  it("tells another version of the protocol", async () => {
    const port = await freePort();
    const old = createServer((socket) => {
      const answer = Buffer.alloc(8 + 28);
      answer.writeBigUInt64LE(28n);
      answer[8] = 5;
      socket.end(answer);
    });
    await new Promise<void>((resolve) => old.listen(port, "127.0.0.1", resolve));
    afterAll(() => old.close());
    await expect(RpcConnection.open({ host: "127.0.0.1", port })).rejects.toThrow(
      /speaks RPC 5\.0/u,
    );
  });
});
