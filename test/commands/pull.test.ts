import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultyServer, modelBytes, sha256Of } from "../../scripts/chaos/faultyServer.mjs";
import { llmbenchBeside } from "../cli/llmbenchBeside.ts";
import { toyWeights } from "../engines/toyWeights.ts";

const token = "hf_secret_of_this_test";
const large = modelBytes("large", 30 * 2 ** 20);
const parts = ["1", "2"].map((part) => modelBytes(part, 100_000));

let server: FaultyServer;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "llmbench pull "));
  server = await new FaultyServer({
    "lab/large/large-Q4_0.gguf": large,
    "lab/parts/parts-Q8_0-00001-of-00002.gguf": parts[0] ?? large,
    "lab/parts/parts-Q8_0-00002-of-00002.gguf": parts[1] ?? large,
    "lab/toy-4m/toy-4m-Q4_0.gguf": await realToy(),
    "lab/huge/huge-Q4_0.gguf": modelBytes("huge", 100),
  }).listen();
  const huge = server.files.get("lab/huge/huge-Q4_0.gguf");
  if (huge !== undefined) huge.statedBytes = Math.round(1.2 * totalmem());
});

afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

/** The toy model without the mark of its making. */
async function realToy(): Promise<Buffer> {
  const text = readFileSync(await toyWeights()).toString("latin1");
  return Buffer.from(text.replaceAll("llmbench.synthetic.", "llmbench.pretended."), "latin1");
}

const environment = (cache = "cache") => ({
  HOME: home,
  USERPROFILE: home,
  LLMBENCH_CACHE: join(home, cache),
  HF_ENDPOINT: server.endpoint,
  HF_TOKEN: token,
});

const run = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  llmbenchBeside(args, { ...environment(), ...env }).ended;

const inCache = (...path: string[]) => join(home, "cache/real/hf", ...path);

describe("llmbench pull", () => {
  it("downloads all parts of a model, and none of them twice", async () => {
    const first = await run(["pull", "hf:lab/parts:Q8_0", "--json"]);
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual([
      {
        spec: "hf:lab/parts:Q8_0",
        files: parts.map((bytes, index) => ({
          path: inCache(`lab/parts/parts-Q8_0-0000${index + 1}-of-00002.gguf`),
          bytes: bytes.length,
          sha256: sha256Of(bytes),
          verified: true,
          present: false,
        })),
      },
    ]);
    const before = server.sentBytes;
    const again = await run(["pull", "hf:lab/parts", "--quant", "q8_0"]);
    expect(again.stdout.match(/was there, SHA-256 [0-9a-f]{64} \(verified\)/g)).toHaveLength(2);
    expect(server.sentBytes).toBe(before);
  });

  it("takes an address, verified where the server states a checksum", async () => {
    const path = "/lab/parts/parts-Q8_0-00001-of-00002.gguf";
    const hub = server.endpoint + path.replace("parts/", "parts/resolve/main/");
    expect((await run(["pull", hub])).stdout.match(/\(verified\)/g)).toHaveLength(2);
    const { stdout } = await run(["pull", server.storeUrl + path]);
    expect(stdout.match(/\(the server states no checksum\)/g)).toHaveLength(2);
  });

  it("keeps what came when it is interrupted, says how to go on, and goes on there", async () => {
    let answers = 0;
    server.fault = () => (++answers > 3 ? { type: "crawl" } : null);
    const pull = llmbenchBeside(
      ["pull", "hf:lab/large", "--quant", "q4_0", "--parallel", "4"],
      environment(),
    );
    const part = inCache("lab/large/large-Q4_0.gguf.part");
    await until(() => existsSync(part) && statSync(part).size > 2 ** 20);
    pull.child.kill("SIGINT");
    const { status, stderr } = await pull.ended;
    expect(status).toBe(130);
    expect(stderr).toMatch(
      /interrupted: what came so far is kept; go on with llmbench pull hf:lab\/large --quant q4_0$/m,
    );
    server.fault = () => null;
    const before = server.sentBytes;
    expect((await run(["pull", "hf:lab/large"])).status).toBe(0);
    expect(server.sentBytes - before).toBeLessThan(large.length);
    expect(sha256Of(readFileSync(inCache("lab/large/large-Q4_0.gguf")))).toBe(sha256Of(large));
    expect(existsSync(part)).toBe(false);
  });

  it("says so where what had come is of another version", async () => {
    const env = environment("changing");
    const path = "lab/parts/parts-Q8_0-00002-of-00002.gguf";
    server.fault = (request) =>
      request.path.includes("00002-of") ? { type: "status", status: 500 } : null;
    const args = ["pull", "hf:lab/parts", "--parallel", "1"];
    const first = llmbenchBeside(args, env);
    await until(() => existsSync(join(home, "changing/real/hf", `${path}.part`)));
    first.child.kill("SIGINT");
    await first.ended;
    server.fault = () => null;
    const before = server.files.get(path);
    server.put(path, modelBytes("another version", 100_000));
    const { status, stderr } = await llmbenchBeside(args, env).ended;
    if (before !== undefined) server.files.set(path, before);
    expect(stderr).toMatch(/00002-of-00002\.gguf: what had come is of another version/);
    expect(status).toBe(0);
  });

  it("uses as many connections as it may, and no more", async () => {
    server.mostAtOnce = 0;
    const env = environment("another cache");
    expect((await run(["pull", "hf:lab/large", "--parallel", "3"], env)).status).toBe(0);
    expect(server.mostAtOnce).toBeGreaterThan(1);
    expect(server.mostAtOnce).toBeLessThanOrEqual(3);
  });

  it("keeps what isn't what was stated under another name, and says so", async () => {
    server.fault = () => ({ type: "corrupt", at: 1000 });
    const { status, stderr } = await run(["pull", "hf:lab/parts"], environment("bad cache"));
    server.fault = () => null;
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /not what was asked for: SHA-256 [0-9a-f]{64} stated, [0-9a-f]{64} received/,
    );
    const kept = /It is kept as (.*?): remove that, and pull again/.exec(stderr)?.[1] ?? "";
    expect(kept).toMatch(/\.gguf\.mismatch$/);
    expect(existsSync(kept)).toBe(true);
    expect(existsSync(kept.replace(".mismatch", ""))).toBe(false);
  });

  it("asks before it pulls what this machine can't run", async () => {
    const { status, stderr } = await run(["pull", "hf:lab/huge"]);
    const { bavail, bsize } = statfsSync(home);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      bavail * bsize > 1.3 * totalmem()
        ? /^llmbench: hf:lab\/huge is .* and won't fit this machine, which has .* for it\. There is nobody to ask here: add --yes to go on$/m
        : /the pull needs .*, and 256\.00 MiB that stay free; .* are free; free some space/,
    );
  });

  it.each([
    [["pull"], /needs MODEL/],
    [["pull", "toy-4m"], /toy-4m: its description names no repository of \.gguf files/],
    [["pull", "hf:lab"], /expected hf:user\/repo:QUANT/],
    [
      ["pull", "hf:lab/parts", "--parallel", "0"],
      /--parallel: expected a whole number from 1 to 64/,
    ],
    [
      ["pull", "hf:lab/parts:Q2_K"],
      /it has no Q2_K; add one of these behind a colon, or as --quant: Q8_0/,
    ],
  ])("%j is refused in words", async (args, words) => {
    const { status, stderr } = await run(args);
    expect({ status, bug: /bug/.test(stderr) }).toEqual({ status: 2, bug: false });
    expect(stderr).toMatch(words);
  });
});

describe("llmbench run", () => {
  const quick = ["-p", "8", "-n", "2", "-r", "1", "--launches", "1", "--no-lock", "--quiet"];

  it("pulls a model that is named by where it is, and later finds it without asking", async () => {
    const args = ["run", "-m", "hf:lab/toy-4m:Q4_0", ...quick, "-o", "json"];
    const first = await run([...args, "--output-dir", join(home, "first")]);
    expect(first.stderr).not.toMatch(/bug/);
    expect(JSON.parse(first.stdout)[0]).toMatchObject({
      model: "toy-4m",
      quantization: "q4_0",
      weights: "real",
      status: "measured",
      model_sha256: server.files.get("lab/toy-4m/toy-4m-Q4_0.gguf")?.sha256,
    });
    const asked = server.seen.length;
    const again = await run([
      "run",
      "-m",
      "toy-4m",
      "-q",
      "q4_0",
      "--dry-run",
      "-o",
      "json",
      "--no-lock",
    ]);
    expect(JSON.parse(again.stdout)[0]).toMatchObject({ model: "toy-4m", weights: "real" });
    const named = await run(["run", "-m", "hf:lab/toy-4m:Q4_0", "--dry-run", "--no-lock"]);
    expect(named.status).toBe(0);
    const resumed = await run(["--resume", join(home, "first"), "--no-lock"]);
    expect(resumed.status).toBe(0);
    expect(server.seen).toHaveLength(asked);
  }, 60_000);
});

it("what is said and written during pulls holds no token and no signature", async () => {
  const { stdout, stderr } = await run(["pull", "hf:lab/parts", "--verbose"], environment("read"));
  const failed = await run(["pull", "hf:lab/none", "--verbose"], environment("read"));
  expect(server.seen.some(({ authorization }) => authorization === `Bearer ${token}`)).toBe(true);
  expect(server.seen.every(({ onHub, authorization }) => onHub || authorization === null)).toBe(
    true,
  );
  const written = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  const said = [stdout, stderr, failed.stdout, failed.stderr].map((text) => Buffer.from(text));
  for (const secret of [token, "signed-and-secret"]) {
    expect([...written, ...said].filter((bytes) => bytes.includes(secret))).toHaveLength(0);
  }
});

describe("the network", () => {
  it.each([
    [["models", "--local"]],
    [["fit", "-m", "toy-4m", "--machine", "m3-max-40c-64gb"]],
    [["run", "-m", "toy-4m", "-q", "q8_0", "--dry-run", "--no-lock"]],
    [["run", "-m", "toy-4m", "-q", "q8_0", "--weights", "real", "--dry-run", "--no-lock"]],
    [["run", "-m", "hf:lab/none:Q4_0", "--dry-run", "--no-lock"]],
    [["fit", "-m", "hf:lab/none:Q4_0"]],
  ])(
    "is not touched by %j",
    async (args) => {
      const before = server.seen.length;
      const proxies = { HTTP_PROXY: server.endpoint, HTTPS_PROXY: server.endpoint, NO_PROXY: "" };
      await run(args, { ...environment("offline"), ...proxies });
      expect(server.seen.slice(before)).toEqual([]);
    },
    30_000,
  );
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
