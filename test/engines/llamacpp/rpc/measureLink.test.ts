import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { afterAll, describe, expect, it } from "vitest";
import { cableLack, dataShare, layCable } from "../../../../scripts/bench/link/namespaces.mjs";
import { endServers, startServer } from "../../../../scripts/bench/link/servers.mjs";
import { packageFolder } from "../../../../src/base/packageFolder.ts";
import { linkSchema, type Link } from "../../../../src/bench/link.ts";
import { measureLink, measureRoundTrip } from "../../../../src/engines/llamacpp/rpc/measureLink.ts";
import {
  RpcConnection,
  withConnection,
} from "../../../../src/engines/llamacpp/rpc/rpcConnection.ts";
import { canServe, freePort, lend, type Lent } from "./lent.ts";
import { relayTo } from "./relay.ts";

describe.runIf(canServe)("a link", async () => {
  const server = canServe ? await lend() : (null as unknown as Lent);

  it.each([1, 5])("with %i ms more is measured as that much farther", async (delayMs) => {
    const near = await nearest(await relayTo(server));
    const far = await nearest(await relayTo(server, { delayMs }));
    expect(Math.abs(far - near - delayMs)).toBeLessThan(0.1 * delayMs);
  });

  it("has a throughput each way, and leaves the server to the next client", async () => {
    const { upGbps, downGbps, afterRest } = await measureLink(server);
    expect(upGbps).toBeGreaterThan(0);
    expect(downGbps).toBeGreaterThan(0);
    expect(afterRest?.map(({ bytes }) => bytes)).toEqual([2 ** 12, 2 ** 14, 2 ** 16, 2 ** 18]);
    await measureLink(server);
  });

  it("tells a server that serves another client", async () => {
    const other = await RpcConnection.open(server);
    await expect(measureLink(server)).rejects.toThrow(/serves another client/u);
    other.close();
  });
});

const lack = canServe ? cableLack() : null;
if (lack !== null) process.stderr.write(`skipped: rates of links are set on cables: ${lack}\n`);

describe.runIf(canServe && lack === null)("a cable", () => {
  it.each([100, 1000])("that carries %i Mbit/s is measured as one", async (megabits) => {
    const cable = layCable();
    const port = 50_052;
    const flags = ["--host", cable.address, "--allow", cable.nearAddress, "--device", "cpu"];
    try {
      cable.setRate(megabits);
      const serving = await startServer({ port, before: cable.far, flags });
      try {
        const set = ((megabits * 1e6) / 8 / 1e9) * dataShare;
        const seen = Array.from({ length: 4 }, () => told(cable.near, `${cable.address}:${port}`));
        for (const way of ["upGbps", "downGbps"] as const) {
          const best = Math.max(...seen.map((link) => link[way] ?? Number.NaN));
          expect(Math.abs(best / set - 1)).toBeLessThan(0.1);
        }
      } finally {
        await endServers([serving]);
      }
    } finally {
      cable.remove();
    }
  });
});

/** As a process tells it that is at that end of the cable. */
function told(before: readonly string[], endpoint: string): Link {
  const script = packageFolder("scripts/bench/link/tell.mjs");
  const [program, ...args] = [...before, process.execPath, script, endpoint];
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  expect(stderr).toBe("");
  return linkSchema.parse(JSON.parse(stdout));
}

/** Of several measurements: what else runs on the machine takes only away from a link. */
async function nearest(endpoint: { readonly host: string; readonly port: number }) {
  const seen: number[] = [];
  for (let time = 0; time < 5; time++) seen.push(await withConnection(endpoint, measureRoundTrip));
  return Math.min(...seen);
}

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
