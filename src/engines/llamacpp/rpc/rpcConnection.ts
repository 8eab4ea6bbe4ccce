/** A connection to an RPC server of llmbench's own, beside llama.cpp's: one that is refused, or times out, and never hangs. */
import { connect, type Socket } from "node:net";
import { endpointText, type Endpoint } from "./endpoints.ts";
import { frameHeader, hello, protocolVersion, readHello, type Message } from "./wire.ts";

/**
 * `absent`: nothing listens, or it hung up. `silent`: nothing was heard in time. Both may pass (inTurn.ts): while llama.cpp's
 * server is started anew, and while it has another client.
 */
type LinkFailureKind = "absent" | "silent" | "other";

/**
 * A server, or a link, that does not do what it should. Its message is what a user reads after the server's name, and says
 * no address: rows get published.
 */
export class LinkFailure extends Error {
  override readonly name = "LinkFailure";
  readonly kind: LinkFailureKind;

  constructor(message: string, kind: LinkFailureKind = "other") {
    super(message);
    this.kind = kind;
  }
}

/** A machine that is there answers a greeting in a round trip. */
const connectMs = 5000;

/** A server that serves another client accepts the connection, and is silent. */
const answerMs = 5000;

const answerHeaderBytes = 8;

interface Waiting {
  readonly bytes: number;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (failure: LinkFailure) => void;
}

export class RpcConnection {
  private readonly socket: Socket;
  private readonly chunks: Buffer[] = [];
  private received = 0;
  private waiting: Waiting | null = null;
  private failure: LinkFailure | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => {
      this.chunks.push(chunk);
      this.received += chunk.length;
      this.settle();
    });
    socket.on("close", () => this.fail(new LinkFailure(hungUp, "absent")));
    socket.on("error", (error) => this.fail(failureOf(error)));
  }

  /** Greets it too. @param signal ends it. @throws {LinkFailure} */
  static async open(endpoint: Endpoint, signal?: AbortSignal): Promise<RpcConnection> {
    const connection = new RpcConnection(await connected(endpoint, signal));
    try {
      await connection.greet();
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** @throws {LinkFailure} */
  async ask(message: Message, timeoutMs = answerMs): Promise<Buffer> {
    this.send(message);
    return this.answer(message, timeoutMs);
  }

  /** Of the first message that was sent and has none yet. @throws {LinkFailure} */
  async answer({ answerBytes }: Message, timeoutMs = answerMs): Promise<Buffer> {
    const size = await this.take(answerHeaderBytes, timeoutMs);
    const bytes = Number(size.readBigUInt64LE());
    if (bytes !== answerBytes) throw new LinkFailure(notRpc);
    return this.take(bytes, timeoutMs);
  }

  send(message: Message): void {
    // One system call, and one packet where it fits.
    this.socket.cork();
    this.socket.write(frameHeader(message));
    if (message.payload.length > 0) this.socket.write(message.payload);
    this.socket.uncork();
  }

  close(): void {
    this.socket.destroy();
  }

  private async greet(): Promise<void> {
    const { major, minor } = readHello(await this.ask(hello()));
    const known = protocolVersion;
    if (major === known.major && minor <= known.minor) return;
    throw new LinkFailure(
      `speaks RPC ${major}.${minor}, and llmbench's llama.cpp ${known.major}.${known.minor}; give both machines the same llmbench`,
    );
  }

  private take(bytes: number, timeoutMs: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(new LinkFailure(silent, "silent")), timeoutMs);
      this.waiting = {
        bytes,
        resolve(answer) {
          clearTimeout(timer);
          resolve(answer);
        },
        reject(failure) {
          clearTimeout(timer);
          reject(failure);
        },
      };
      this.settle();
    });
  }

  private settle(): void {
    const { waiting } = this;
    if (waiting === null) return;
    if (this.received >= waiting.bytes) {
      this.waiting = null;
      waiting.resolve(this.consume(waiting.bytes));
    } else if (this.failure !== null) {
      this.waiting = null;
      waiting.reject(this.failure);
    }
  }

  private consume(bytes: number): Buffer {
    const taken: Buffer[] = [];
    this.received -= bytes;
    for (let left = bytes; left > 0;) {
      const chunk = this.chunks.shift() as Buffer;
      if (chunk.length > left) this.chunks.unshift(chunk.subarray(left));
      taken.push(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
    }
    return taken.length === 1 ? (taken[0] as Buffer) : Buffer.concat(taken);
  }

  private fail(failure: LinkFailure): void {
    this.failure ??= failure;
    this.socket.destroy();
    this.settle();
  }
}

const silent =
  "accepts connections and doesn't answer: it serves another client, or something else listens there";
const notRpc = "answers, and not as an RPC server of llama.cpp does";

function connected({ host, port }: Endpoint, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      family: 4,
      noDelay: true,
      ...(signal === undefined ? {} : { signal }),
    });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new LinkFailure(unheard, "silent"));
    }, connectMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(failureOf(error));
    });
  });
}

const unheard = `can't be reached: nothing was heard for ${connectMs / 1000} s`;

const hungUp = "closed the connection";

const causes: Readonly<Record<string, readonly [words: string, kind: LinkFailureKind]>> = {
  ECONNREFUSED: ["can't be reached: nothing listens there", "absent"],
  ECONNRESET: [hungUp, "absent"],
  EPIPE: [hungUp, "absent"],
  EHOSTUNREACH: ["can't be reached: no way leads there", "other"],
  ENETUNREACH: ["can't be reached: no way leads there", "other"],
  ETIMEDOUT: ["can't be reached: nothing was heard", "silent"],
  ENOTFOUND: ["can't be reached: no machine has that name, or none with an IPv4 address", "other"],
  EAI_AGAIN: ["can't be reached: no machine has that name, as far as can be told now", "other"],
};

/** The system's own words would name the address. */
export function failureOf({ code }: NodeJS.ErrnoException): LinkFailure {
  const known = causes[code ?? ""];
  return known === undefined
    ? new LinkFailure(`can't be reached: ${code ?? "the connection ended"}`)
    : new LinkFailure(...known);
}

/** Opens one for as long as `use` takes. @param signal ends it. @throws {LinkFailure} */
export async function withConnection<Answer>(
  endpoint: Endpoint,
  use: (connection: RpcConnection) => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  // A run's signal outlives many connections, and would remember each.
  const own = new AbortController();
  const stop = () => own.abort();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    const connection = await RpcConnection.open(endpoint, own.signal);
    try {
      return await use(connection);
    } finally {
      connection.close();
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** A failure with the server's name. */
export function namedFailure(endpoint: Endpoint, error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return `RPC server ${endpointText(endpoint)} ${words}`;
}
