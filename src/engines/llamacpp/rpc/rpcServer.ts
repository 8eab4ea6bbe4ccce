/**
 * Serves this machine's devices: a child process that llama.cpp's server runs in, started anew where it ends, and beside it
 * a port that tells what serves. Both listen on the same address and let in the same peers.
 */
import { randomUUID } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { compiledFile } from "../../../base/compiledFile.ts";
import { LineChild, nodeProgram } from "../../../base/lineChild.ts";
import { processActivity } from "../../../base/processProbe.ts";
import { llmbenchVersion } from "../../../base/version.ts";
import type { Serving } from "../../engine.ts";
import { LlmbenchError } from "../../../errors.ts";
import { childEnvironment } from "../childEnvironment.ts";
import type { LlamaInfo } from "../llamaInfo.ts";
import { contains } from "./allowedNets.ts";
import { endpointText, factsPort, type Endpoint } from "./endpoints.ts";
import { withConnection } from "./rpcConnection.ts";
import { speedQuestion, type ServerFacts } from "./serverFacts.ts";
import { serverChildMessage, type ServerChildRequest } from "./serverMessages.ts";

export interface ServerRequest extends Omit<ServerChildRequest, "endpoint"> {
  readonly endpoint: Endpoint;
  readonly engine: LlamaInfo;
  readonly machine: string;
  readonly served: ServerFacts["devices"];
  /** Asked at most once, by the first who asks. */
  readonly speed: () => Promise<unknown>;
  readonly onEvent: (text: string) => void;
}

/** A process that ends at once will again: so many in a row are given up. */
const mostVainStarts = 3;
const vainMs = 5000;

/** From a start to the first greeting. */
const patienceMs = 10_000;
const lookMs = 50;

/** Who wants to know more says so at once; all others have heard what there is. */
const listenMs = 1000;

export class RpcServer implements Serving {
  readonly address: string;
  readonly devices: ServerFacts["devices"];
  readonly ended: Promise<string>;
  private readonly id = randomUUID();
  private readonly request: ServerRequest;
  private readonly factsServer: Server;
  private child: LineChild | null = null;
  private starts = 0;
  private speed: Promise<unknown> | null = null;
  private closing = false;
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
    this.closing = true;
    this.factsServer.close();
    this.child?.kill();
    await this.child?.ended;
    this.end("stopped");
  }

  private listen(): Promise<void> {
    const { endpoint } = this.request;
    const port = factsPort(endpoint);
    return new Promise((resolve, reject) => {
      this.factsServer.once("error", ({ message }) => {
        reject(
          new LlmbenchError(
            "usage",
            `can't listen on ${endpoint.host}:${port}: ${message}; --port takes another, and the one behind it`,
          ),
        );
      });
      this.factsServer.listen({ host: endpoint.host, port, exclusive: true }, resolve);
    });
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
    let log = "";
    return new Promise((resolve, reject) => {
      const fail = (words: string) =>
        reject(new LlmbenchError("engine", `llama.cpp's RPC server didn't start: ${words}`));
      const child = new LineChild({
        ...nodeProgram(
          compiledFile(import.meta.url, "./serverChild.js"),
          [JSON.stringify(told)],
          childEnvironment(process.env),
        ),
        onMessage(line) {
          const message = serverChildMessage.safeParse(JSON.parse(line));
          if (message.data?.type === "serving") resolve();
          else fail(message.data?.message ?? line);
        },
        onLog: (line) => {
          log = line;
        },
      });
      this.child = child;
      this.starts += 1;
      void child.ended.then((end) => fail(log === "" ? `its process ended (${end.kind})` : log));
    });
  }

  /** It says that it begins, and listens some moments later. @throws {LinkFailure} */
  private async greet(): Promise<void> {
    const began = performance.now();
    for (;;) {
      try {
        await withConnection(this.request.endpoint, async () => {});
        return;
      } catch (error) {
        if (performance.now() - began > patienceMs) throw error;
        await sleep(lookMs);
      }
    }
  }

  /** A model that doesn't fit, and a client's nonsense, end the process: the next client finds a new one. */
  private async keepUp(): Promise<void> {
    let vain = 0;
    for (;;) {
      const began = performance.now();
      const end = await this.child?.ended;
      if (this.closing || end === undefined) return;
      const why =
        end.kind === "signal"
          ? end.signal
          : end.kind === "exit"
            ? `exit code ${end.code}`
            : end.kind;
      vain = performance.now() - began < vainMs ? vain + 1 : 0;
      if (vain === mostVainStarts) {
        this.factsServer.close();
        this.end(`the process that serves ended ${vain} times in a row, last by ${why}`);
        return;
      }
      this.request.onEvent(`the process that serves ended by ${why}, and is started again`);
      await this.startChild().catch(() => {});
    }
  }

  private async tell(socket: Socket): Promise<void> {
    socket.on("error", () => {});
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
    this.speed ??= this.request.speed().catch(() => null);
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
