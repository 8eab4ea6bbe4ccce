import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { modelBytes } from "../../../scripts/chaos/faultyServer.mjs";
import { HttpClient } from "../../../src/models/hub/httpClient.ts";
import { client, serve, token } from "./servers.ts";

const path = "lab/model/model.gguf";
const file = `/${path.replace("model/model", "model/resolve/main/model")}`;
const bytes = modelBytes("client", 1000);

async function failure(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(
    () => new Error("it answered"),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "LlmbenchError", code: "network", exitCode: 2 });
  return (error as Error).message;
}

describe("a token", () => {
  it("goes to the hub, and never to where the hub redirects", async () => {
    const server = await serve({ [path]: bytes });
    const { body, finalUrl } = await client(server.endpoint).open(server.endpoint + file);
    await body.dump();
    expect(finalUrl).toContain(server.storeUrl);
    expect(server.seen.map(({ onHub, authorization }) => [onHub, authorization])).toEqual([
      [true, `Bearer ${token}`],
      [false, null],
    ]);
  });

  it("goes to no server but the hub, though its files are asked for", async () => {
    const server = await serve({ [path]: bytes });
    const { body } = await client("https://hub.invalid").open(server.endpoint + file);
    await body.dump();
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([null, null]);
  });

  it("stays behind for good once the way led elsewhere, even if it leads back", async () => {
    const seen: (string | undefined)[] = [];
    const hub = createServer(({ url, headers }, response) => {
      seen.push(headers.authorization);
      if (url === "/back") response.end("there");
      else response.writeHead(302, { location: elsewhere() }).end();
    });
    const other = createServer((_, response) => {
      response.writeHead(302, { location: `${addressOf(hub)}/back` }).end();
    });
    const elsewhere = () => addressOf(other);
    for (const server of [hub, other]) await listening(server);
    const { body } = await client(addressOf(hub)).open(`${addressOf(hub)}/file`);
    await body.dump();
    expect(seen).toEqual([`Bearer ${token}`, undefined]);
  });
});

describe("a refusal", () => {
  it.each([
    [
      401,
      "GatedRepo",
      undefined,
      /gated \(401\): accept the terms at .*\/lab\/model, make a token/,
    ],
    [403, "GatedRepo", token, /HF_TOKEN's owner has no access \(403\): accept the terms/],
    [401, "RepoNotFound", undefined, /no such repository, or it is private .*set HF_TOKEN/],
    [404, "EntryNotFound", undefined, /^hf:lab\/model: there is no such file in the repository/],
    [429, undefined, undefined, /too many requests \(429\); try again later/],
    [503, undefined, undefined, /the server failed \(503\), several times; try again later/],
  ])("of %i %s says what to do", async (status, code, held, words) => {
    const server = await serve();
    server.refusal = code === undefined ? { status } : { status, code };
    const http = client(server.endpoint, { env: { HF_TOKEN: held, HF_TOKEN_PATH: "/none" } });
    const message = await failure(http.open(server.endpoint + file));
    expect(message).toMatch(words);
    expect(message).not.toContain(token);
  });
});

describe("patience", () => {
  it("waits as long as a busy server says, and asks again", async () => {
    const server = await serve({ [path]: bytes });
    let refusals = 2;
    server.fault = () => (refusals-- > 0 ? { type: "status", status: 429, retryAfter: "0" } : null);
    const { status, body } = await client(server.endpoint).open(server.endpoint + file);
    await body.dump();
    expect(status).toBe(200);
  });

  it("doesn't wait for an hour, but says so", async () => {
    const server = await serve({ [path]: bytes });
    server.fault = () => ({ type: "status", status: 429, retryAfter: "3600" });
    const message = await failure(client(server.endpoint).open(server.endpoint + file));
    expect(message).toMatch(/try again in 3600 s or later/);
  });

  it("ends when it is told to stop", async () => {
    const server = await serve({ [path]: bytes });
    server.fault = () => ({ type: "status", status: 503 });
    const http = client(server.endpoint, { firstPauseMs: 60_000 });
    const signal = AbortSignal.timeout(50);
    await expect(http.open(server.endpoint + file, { signal })).rejects.toThrow(/aborted/);
  });
});

describe("a host out of reach", () => {
  it.each([
    ["http://no-such-host.invalid", /its name can't be looked up \(DNS\); is this machine online/],
    ["http://127.0.0.1:9", /it refuses connections; try again later/],
  ])("%s is told with a way out", async (endpoint, words) => {
    const http = client(endpoint, { attempts: 1 });
    const message = await failure(http.open(`${endpoint}/model.gguf?key=hidden`));
    expect(message).toMatch(words);
    expect(message).not.toContain("hidden");
  });
});

describe("a proxy", () => {
  it("is asked for what isn't excepted", async () => {
    const seen: string[] = [];
    const proxy = createServer();
    proxy.on("connect", ({ url }, socket) => {
      seen.push(url ?? "");
      socket.end("HTTP/1.1 502 no\r\n\r\n");
    });
    proxy.on("request", ({ url }, response) => {
      seen.push(url ?? "");
      response.writeHead(404).end();
    });
    await listening(proxy);
    const server = await serve({ [path]: bytes });
    const env = { HTTP_PROXY: addressOf(proxy), NO_PROXY: "127.0.0.1" };
    const http = client(server.endpoint, { env, attempts: 1 });
    await (await http.open(server.endpoint + file)).body.dump();
    expect(seen).toEqual([]);
    await failure(http.open("http://hub.invalid/model.gguf"));
    expect(seen.join()).toContain("hub.invalid");
  });

  it("whose address is none is refused without repeating it", () => {
    const env = { HTTPS_PROXY: "user:secret@@" };
    expect(() => new HttpClient({ env })).toThrow(
      /^HTTP_PROXY or HTTPS_PROXY: expected an address/,
    );
  });
});

type Server = ReturnType<typeof createServer>;

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
