import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import type { Lent } from "./lent.ts";
import { canServe, freePort, lend, servingProcesses } from "./lent.ts";

/** What becomes of a connection: what was said, or why nothing was. */
function answerAt(host: string, port: number, from?: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ host, port, ...(from === undefined ? {} : { localAddress: from }) });
    // The first command of llama.cpp's protocol: HELLO with 24 bytes of nothing.
    socket.once("connect", () => socket.write(Buffer.from([14, 24, ...Array(31).fill(0)])));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      socket.destroy();
    });
    socket.on("close", () => resolve(text === "" ? "nothing" : "an answer"));
    socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code ?? "an error"));
  });
}

const elsewhere = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === "IPv4" && !one.internal)?.address;

describe.runIf(canServe)("llmbench rpc", async () => {
  const usual = canServe ? await lend() : (null as unknown as Lent);

  it("answers this machine on both of its ports", async () => {
    expect(await answerAt(usual.host, usual.port)).toBe("an answer");
    expect(await answerAt(usual.host, usual.port + 1)).toBe("an answer");
  });

  it.skipIf(elsewhere === undefined)("listens to nobody from outside by itself", async () => {
    for (const port of [usual.port, usual.port + 1])
      expect(await answerAt(elsewhere ?? "", port)).toBe("ECONNREFUSED");
  });

  it("doesn't listen beyond this machine unless it is said who may come", async () => {
    for (const host of ["0.0.0.0", elsewhere ?? "192.168.1.1"])
      await expect(lend({ host })).rejects.toThrow(/say who may, with --allow/u);
  });

  // Of the loopback net only Linux has all addresses.
  it.runIf(process.platform === "linux")("lets in those alone that it was told to", async () => {
    const { host, port } = await lend({ host: "127.0.0.3", allow: ["127.0.0.4/32"] });
    for (const each of [port, port + 1]) {
      expect(await answerAt(host, each, "127.0.0.4")).toBe("an answer");
      expect(["nothing", "ECONNRESET"]).toContain(await answerAt(host, each, "127.0.0.5"));
    }
  });

  it("says which port is taken", async () => {
    await expect(lend({ port: usual.port - 1 })).rejects.toThrow(
      new RegExp(`${usual.port}: .*EADDRINUSE.*--port`, "u"),
    );
    await expect(lend({ port: usual.port + 1 })).rejects.toThrow(
      new RegExp(`${usual.port + 1}: .*EADDRINUSE.*--port`, "u"),
    );
  });

  it("isn't kept from others by who connects and says nothing", async () => {
    const silent = connect(usual);
    await once(silent, "connect");
    await once(silent, "close");
    expect(await answerAt(usual.host, usual.port)).toBe("an answer");
  });

  it("is started again as often as a client ends it", async () => {
    const { host, port, events } = await lend();
    for (let death = 1; death <= 4; death++) {
      const [pid = 0] = servingProcesses(port);
      process.kill(pid, "SIGKILL");
      await expect.poll(() => answerAt(host, port), { timeout: 20_000 }).toBe("an answer");
      expect(events).toHaveLength(death);
    }
  });

  it("refuses a device that isn't there, and a library that isn't one", async () => {
    const port = await freePort();
    await expect(lend({ port, devices: ["CUDA7"] })).rejects.toThrow(/this machine has CPU/u);
    await expect(lend({ port, library: "/nowhere.so" })).rejects.toThrow(/no such file/u);
    await expect(lend({ port, library: import.meta.filename })).rejects.toThrow(/no RPC backend/u);
  });
});
