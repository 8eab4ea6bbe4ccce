/** A server that has one model, whose work is hashing. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const servedModel = "Acme/Hasher-1.5B";

/** As much for a token as takes tens of microseconds. */
const block = Buffer.alloc(64 * 1024);

/** Answers until the process ends. Returns its URL. */
export async function serve(): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const model = `/models/${encodeURIComponent(servedModel)}`;
    const rounds = Number(searchParams.get("rounds"));
    const hash = createHash("sha256");
    switch (pathname) {
      case "/about":
        response.end(JSON.stringify({ release: "v7" }));
        break;
      case model:
        response.end(JSON.stringify({ layers: 12 }));
        break;
      case `${model}/hash`:
        for (let round = 0; round < rounds; round++) hash.update(block);
        response.end(JSON.stringify({ digest: hash.digest("hex") }));
        break;
      default:
        response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  // A test that is over need not wait for it.
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
