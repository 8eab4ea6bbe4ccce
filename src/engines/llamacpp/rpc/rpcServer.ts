/**
 * Serves this machine's devices: a child process that llama.cpp's server runs in, started anew where it ends, and beside it
 * a port that tells what serves. Both listen on the same address and let in the same peers.
 */
import { randomUUID } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { compiledFile } from "../../../base/compiledFile.ts";
import { LineChild, nodeProgram, type ChildEnd } from "../../../base/lineChild.ts";
import { describeEnd } from "../../child/childFailure.ts";
import { processActivity } from "../../../base/processProbe.ts";
import { llmbenchVersion } from "../../../base/version.ts";
import type { Serving } from "../../engine.ts";
import { LlmbenchError } from "../../../errors.ts";
import { childEnvironment } from "../childEnvironment.ts";
import type { LlamaInfo } from "../llamaInfo.ts";
import { contains } from "./allowedNets.ts";
import { endpointText, factsPort, type Endpoint } from "./endpoints.ts";
import { LinkFailure, withConnection } from "./rpcConnection.ts";
import { speedQuestion, type ServerFacts } from "./serverFacts.ts";
import { serverChildMessage, type ServerChildRequest } from "./serverMessages.ts";

export interface ServerRequest extends Omit<ServerChildRequest, "endpoint"> {
  readonly endpoint: Endpoint;
  readonly engine: LlamaInfo;
  readonly machine: string;
  readonly served: ServerFacts["devices"];
  /** Asked at most once, by the first who asks. */
  readonly speed: (signal: AbortSignal) => Promise<unknown>;
  readonly onEvent: (text: string) => void;
}

/** A process that never comes to serve won't the next time: so many in a row are given up. */
const mostVainStarts = 3;

/** What begins so is said to the user. */
const ownWords = "llmbench: ";

/** From a start to the first greeting. */
const patienceMs = 10_000;
const lookMs = 50;

/** Who wants to know more says so at once; all others have heard what there is. */
const listenMs = 1000;

/** @throws {LlmbenchError} `usage` */
function listenAt(server: Server, { host, port }: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", ({ message }) => {
      const words = `can't listen on ${host}:${port}: ${message}`;
      reject(new LlmbenchError("usage", `${words}; --port takes another, and the one behind it`));
    });
    server.listen({ host, port, exclusive: true }, resolve);
  });
}

export class RpcServer implements Serving {
  readonly address: string;
  readonly devices: ServerFacts["devices"];
  readonly ended: Promise<string>;
  private readonly id = randomUUID();
  private readonly request: ServerRequest;
  private readonly factsServer: Server;
  /** Who asks on the port beside the server's. */
  private readonly asking = new Set<Socket>();
  private child: LineChild | null = null;
  /** What the child said last. */
  private said = "";
  private readonly closed = new AbortController();
  private starts = 0;
  private speed: Promise<unknown> | null = null;
  private end: (why: string) => void = () => {};

  private constructor(request: ServerRequest) {
    this.request = request;
    this.address = endpointText(request.endpoint);
    this.devices = request.served;
    this.factsServer = createServer((socket) => void this.tell(socket));
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  /** @throws {LlmbenchError} `engine` where it can't listen, or the child doesn't come up. */
  static async start(request: ServerRequest): Promise<RpcServer> {
    const server = new RpcServer(request);
    try {
      await server.listen();
      await server.startChild();
      await server.greet();
      void server.keepUp();
      return server;
    } catch (error) {
      await server.close();
      if (error instanceof LlmbenchError) throw error;
      const words = error instanceof Error ? error.message : String(error);
      throw new LlmbenchError("engine", `${endpointText(request.endpoint)} ${words}`);
    }
  }

  async close(): Promise<void> {
    this.closed.abort();
    this.factsServer.close();
    for (const socket of this.asking) socket.destroy();
    this.child?.kill();
    await this.child?.ended;
    this.end("stopped");
  }

  /** llama.cpp's server says of a port that is taken no more than that it can't listen: that is tried before. */
  private async listen(): Promise<void> {
    const { endpoint } = this.request;
    const trial = createServer();
    await listenAt(trial, endpoint);
    await new Promise((resolve) => trial.close(resolve));
    await listenAt(this.factsServer, { ...endpoint, port: factsPort(endpoint) });
  }

  private startChild(): Promise<void> {
    const { device, found, library, endpoint, cacheDir, threads, devices, allow } = this.request;
    const told: ServerChildRequest = {
      device,
      found,
      library,
      cacheDir,
      threads,
      devices,
      allow,
      endpoint: endpointText(endpoint),
    };
    this.said = "";
    return new Promise((resolve, reject) => {
      const fail = () =>
        reject(new LlmbenchError("engine", `llama.cpp's RPC server didn't start: ${this.said}`));
      const child = new LineChild({
        ...nodeProgram(
          compiledFile(import.meta.url, "./serverChild.js"),
          [JSON.stringify(told)],
          childEnvironment(process.env),
        ),
        onMessage: (line) => {
          const message = serverChildMessage.safeParse(JSON.parse(line));
          if (message.data?.type === "serving") return resolve();
          this.said = message.data?.message ?? line;
          fail();
        },
        onLog: (line) => this.hear(line),
      });
      this.child = child;
      this.starts += 1;
      void child.ended.then((end) => {
        if (this.said === "") this.said = `its process ended (${end.kind})`;
        return fail();
      });
    });
  }

  /** llama.cpp's log, and what the library that llmbench compiles says in it (native/ggml-rpc). */
  private hear(line: string): void {
    if (line.startsWith(ownWords)) this.request.onEvent(line.slice(ownWords.length));
    else if (line.trim() !== "") this.said = line.trim();
  }

  /** It says that it begins, and listens some moments later. @throws {LlmbenchError} `engine` where it never does */
  private async greet(): Promise<void> {
    const began = performance.now();
    let gone = false;
    void this.child?.ended.then(() => (gone = true));
    for (;;) {
      try {
        await withConnection(this.request.endpoint, async () => {});
        return;
      } catch (error) {
        // Its first client was quicker.
        if (error instanceof LinkFailure && error.kind === "silent") return;
        const late = performance.now() - began > patienceMs;
        if (gone || late)
          throw new LlmbenchError("engine", `llama.cpp's RPC server doesn't listen: ${this.said}`);
        await sleep(lookMs);
      }
    }
  }

  /** A model that doesn't fit, and a client's nonsense, end the process: the next client finds a new one. */
  private async keepUp(): Promise<void> {
    for (let vain = 0; ;) {
      const end = await this.child?.ended;
      if (this.closed.signal.aborted || end === undefined) return;
      const why = this.endWords(end);
      if (vain === mostVainStarts) {
        this.factsServer.close();
        this.end(`the process that serves ended ${vain} times in a row, last by ${why}`);
        return;
      }
      this.request.onEvent(`the process that serves ended by ${why}, and is started again`);
      vain = (await this.comesUp()) ? 0 : vain + 1;
    }
  }

  private async comesUp(): Promise<boolean> {
    try {
      await this.startChild();
      await this.greet();
      return true;
    } catch {
      return false;
    }
  }

  /** With what llama.cpp said last, where it ended by itself. */
  private endWords(end: ChildEnd): string {
    const byItself = end.kind === "exit" || (end.kind === "signal" && end.signal === "SIGABRT");
    return byItself ? `${describeEnd(end)} (${this.said})` : describeEnd(end);
  }

  private async tell(socket: Socket): Promise<void> {
    socket.on("error", () => {});
    this.asking.add(socket);
    socket.on("close", () => this.asking.delete(socket));
    const { allow } = this.request;
    const peer = socket.remoteAddress ?? "";
    if (allow.length > 0 && !contains(allow, peer)) {
      socket.destroy();
      return;
    }
    socket.setTimeout(listenMs, () => socket.destroy());
    let asked = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      asked += text;
      if (asked === `${speedQuestion}\n`) void this.tellSpeed(socket);
      else if (asked.length > speedQuestion.length) socket.destroySoon();
    });
    socket.write(`${JSON.stringify(await this.facts())}\n`);
  }

  private async tellSpeed(socket: Socket): Promise<void> {
    socket.setTimeout(0);
    this.speed ??= this.request.speed(this.closed.signal).catch(() => null);
    socket.end(`${JSON.stringify(await this.speed)}\n`);
  }

  private async facts(): Promise<ServerFacts> {
    const { engine, machine, served, threads } = this.request;
    const {
      engine: name,
      engine_version,
      build_commit,
      build_number,
      package: carrier,
      backend,
    } = engine;
    const pid = this.child?.pid;
    return {
      llmbench: llmbenchVersion(),
      engine: {
        engine: name,
        engine_version,
        build_commit,
        build_number,
        package: carrier,
        backend,
      },
      id: this.id,
      machine,
      devices: [...served],
      threads,
      starts: this.starts,
      activity: pid === undefined ? null : await processActivity(pid),
    };
  }
}
