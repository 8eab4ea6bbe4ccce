/** Servers of this machine's CPU for tests, a thread each, and engines that use them. */
import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { afterAll } from "vitest";
import type { ServeAsk, Serving } from "../../../../src/engines/engine.ts";
import { llamaCpp } from "../../../../src/engines/llamacpp/row.ts";
import { probeMachine } from "../../../../src/machine/probe.ts";

const required = (process.env["LLMBENCH_REQUIRE"] ?? "").split(",").includes("rpc");

function runs(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}

function lookForCompiler(): boolean {
  if (process.platform !== "win32" && runs("c++") && runs("git")) return true;
  if (required) throw new Error("a C++ compiler and git are required");
  process.stderr.write(
    "skipped: tests of several machines compile llama.cpp's RPC backend, which takes c++ and git\n",
  );
  return false;
}

export const canServe = lookForCompiler();

/** A free one whose next one is free too; the system gives numbers in no order, so that two tests seldom meet. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  for (;;) {
    const port = await listenOnce(host, 0);
    if (port < 65_000 && (await listenOnce(host, port + 1).catch(() => 0)) !== 0) return port;
  }
}

function listenOnce(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}

export interface Lent {
  readonly serving: Serving;
  readonly host: string;
  readonly port: number;
  readonly events: string[];
}

export async function lend(asked: Partial<ServeAsk> = {}): Promise<Lent> {
  const host = asked.host ?? "127.0.0.1";
  const port = asked.port ?? (await freePort(host));
  const events: string[] = [];
  const serving = await llamaCpp.serve?.({
    device: "cpu",
    devices: "auto",
    host,
    port,
    allow: [],
    threads: 1,
    cacheDir: null,
    library: null,
    machineOf: ({ devices }) => probeMachine({ gpus: devices }),
    machineName: "another-box",
    speedOf: async () => null,
    onEvent: (text) => events.push(text),
    ...asked,
  });
  if (serving === undefined) throw new Error("llama.cpp lends devices");
  afterAll(() => serving.close());
  return { serving, host, port, events };
}

/** Of the processes that run llama.cpp's server below this one; none where the system doesn't tell. */
export function servingProcesses(port: number): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid,args"], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line.includes("serverChild.js") && line.includes(`:${port}"`))
    .map((line) => Number.parseInt(line, 10));
}
