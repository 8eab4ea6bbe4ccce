/** A library that somebody built of llama.cpp's sources, as its own CMake does: llmbench's sockets are not in it. */
import { spawnSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  librariesFolder,
  linkedLibraries,
  packageName,
  sourceBundle,
} from "../../../../scripts/bench/enginePackages.mjs";
import { wholeModel as placement } from "../../../../src/engines/engine.ts";
import { llamaCpp } from "../../../../src/engines/llamacpp/row.ts";
import { quietWatch as watch, shortRule as rule, tg4 } from "../../asked.ts";
import { toyWeights } from "../../toyWeights.ts";
import { canServe, lend } from "./lent.ts";

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

async function foreignLibrary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "llmbench-foreign-"));
  const tree = join(folder, "llama.cpp");
  run("git", "clone", "--quiet", "--no-checkout", sourceBundle, tree);
  run("git", "-C", tree, "checkout", "--quiet", "HEAD", "--", "ggml/include", "ggml/src");
  const made = join(folder, "libggml-rpc.so");
  const base = String(linkedLibraries(librariesFolder(packageName("cpu"))).at(-1));
  const sources = ["ggml-rpc.cpp", "transport.cpp"].map((name) =>
    join(tree, "ggml/src/ggml-rpc", name),
  );
  const kinds = ["DL", "BUILD", "SHARED"].map((kind) => `-DGGML_BACKEND_${kind}`);
  const folders = ["include", "src"].map((name) => `-I${join(tree, "ggml", name)}`);
  const flags = ["-O1", "-std=c++17", "-fPIC", "-shared", "-DGGML_SHARED", ...kinds, ...folders];
  run("c++", ...flags, ...sources, "-o", made, base, "-lpthread");
  return made;
}

describe.runIf(canServe)("a library of the user's own", async () => {
  const library = canServe ? await foreignLibrary() : "";

  it("serves and measures, and counts nothing", async () => {
    const { host, port } = await lend({ library });
    const own = { rpc: `${host}:${port}`, rpcLibrary: library };
    const engine = await llamaCpp.start({ device: "cpu", own });
    afterAll(() => engine.close());
    const model = await toyWeights("q4_0", "toy-4m");
    const session = await engine.open({ model, placement }, watch);
    const { times, readings } = await session.run(tg4, rule, watch);
    await session.close();
    expect(times.samplesNs).toHaveLength(3);
    expect(readings.links).toHaveLength(1);
    expect(readings.traffic).toBeNull();
  });

  it("keeps nobody out, and isn't let serve whom --allow names", async () => {
    await expect(lend({ library, host: "127.0.0.1", allow: ["10.0.0.7/32"] })).rejects.toThrow(
      /none of llmbench's own, and lets in whoever can connect; leave --rpc-library out, or --allow/u,
    );
  });
});
