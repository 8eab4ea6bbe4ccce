/** The other machines of a run, from the side that measures. */
import type { Link } from "../../../bench/link.ts";
import type { LlamaInfo } from "../llamaInfo.ts";
import { LlmbenchError } from "../../../errors.ts";
import { EngineError, Interrupted, type Lender, type ResolvedPlacement } from "../../engine.ts";
import { namedLibraries } from "../libraries.ts";
import { endpointText } from "./endpoints.ts";
import { inTurn } from "./inTurn.ts";
import { rpcLibrary } from "./library.ts";
import { measureLink } from "./measureLink.ts";
import { LinkFailure, withConnection } from "./rpcConnection.ts";
import {
  activityOf,
  askFacts,
  askSpeed,
  buildDifference,
  lentDifference,
  type ServerFacts,
} from "./serverFacts.ts";
import type { ServerList } from "./serverList.ts";
import { requireSameBuild, withServers, type RpcServerFound } from "./servers.ts";

export type NamedLinks = (Link & { server: string })[];

/** ggml-rpc.cpp, v0.4.0. */
const brokenOff = /Remote RPC server crashed/u;

/** A batch of a large model takes a CPU that long, and is computed to its end whoever waits for it. */
const computingMs = 120_000;

/** Without it llama.cpp works here all the same: what is wrong is to ask for other machines. */
async function libraryFor(here: LlamaInfo, asked: string | null): Promise<string> {
  try {
    return await rpcLibrary(asked, namedLibraries(here.libraries));
  } catch (error) {
    if (!(error instanceof LlmbenchError)) throw error;
    throw new LlmbenchError("usage", `--rpc: ${error.message}`, { cause: error });
  }
}

/** The process that serves: another one, however it came, knows nothing of what it was sent before. */
function processOf({ id, starts }: ServerFacts): string {
  return `${id} ${starts}`;
}

const gone = { status: "failed", code: "engine_error" } as const;

export class Cluster {
  /** This machine's devices and theirs. */
  readonly facts: LlamaInfo;
  readonly list: ServerList;
  private readonly servers: readonly RpcServerFound[];
  /** Each one's process, as it was last seen. */
  private readonly seen = new Map<RpcServerFound, string>();

  private constructor(servers: readonly RpcServerFound[], here: LlamaInfo, library: string) {
    this.servers = servers;
    this.facts = withServers(here, servers);
    this.list = { library, endpoints: servers.map(({ endpoint }) => endpointText(endpoint)) };
    for (const server of servers) this.seen.set(server, processOf(server.facts));
  }

  /**
   * Null without servers.
   * @throws {LlmbenchError} `network` for another build, `usage` where this machine can't have the RPC backend
   */
  static async of(
    servers: readonly RpcServerFound[],
    here: LlamaInfo,
    library: string | null,
  ): Promise<Cluster | null> {
    if (servers.length === 0) return null;
    requireSameBuild(servers, here);
    return new Cluster(servers, here, await libraryFor(here, library));
  }

  /** Whether a placement may put anything on them. */
  takesPart({ devices }: Pick<ResolvedPlacement, "devices">): boolean {
    if (devices === "auto") return true;
    return this.servers.some((server) => server.devices.some(({ name }) => devices.includes(name)));
  }

  /**
   * One after the other, so that none measures another's traffic. A machine may still compute for a case that was ended,
   * or start its process anew: it is waited for.
   *
   * @throws {EngineError} with the name of one that is gone, or serves something else by now; {Interrupted}
   */
  async measureLinks(signal: AbortSignal): Promise<NamedLinks> {
    const links: NamedLinks = [];
    for (const server of this.servers) {
      const { endpoint, label } = server;
      try {
        const link = await inTurn(endpoint, () => measureLink(endpoint, signal), {
          busyMs: computingMs,
          signal,
        });
        this.recognise(server, await askFacts(endpoint));
        links.push({ server: label, ...link });
      } catch (error) {
        if (signal.aborted) throw new Interrupted("interrupted", { cause: error });
        if (!(error instanceof LinkFailure)) throw error;
        throw new EngineError(gone, `${this.nameOf(server)} ${error.message}`, []);
      }
    }
    return links;
  }

  /** @throws {LinkFailure} for another machine, or another build, than the run began with */
  private recognise(server: RpcServerFound, facts: ServerFacts): void {
    const difference = buildDifference(this.facts, facts) ?? lentDifference(server.facts, facts);
    if (difference !== null) throw new LinkFailure(difference);
    this.seen.set(server, processOf(facts));
  }

  /** One that can't be measured now, as while it serves another, is told without its link: its cases say why. */
  async lenders(): Promise<readonly Lender[]> {
    const lenders: Lender[] = [];
    for (const [index, { endpoint }] of this.servers.entries()) {
      // Before the link, which else would be measured while the machine is.
      const speed = await askSpeed(endpoint);
      const link = await measureLink(endpoint).catch(() => null);
      lenders.push({ number: index + 1, speed, link });
    }
    return lenders;
  }

  /** A text that stays the same just as long as none of them does anything; one that can't be asked does nothing. */
  async activity(): Promise<string> {
    const told = await Promise.all(this.servers.map(({ endpoint }) => activityOf(endpoint)));
    return told.join(" ");
  }

  /** A failure with the names of those that are gone, or were started anew meanwhile, since that will be why. */
  async named(error: unknown): Promise<unknown> {
    if (!(error instanceof EngineError)) return error;
    const known = await this.losses();
    // Who was gone may be back by now.
    const broke = known.length === 0 && error.logTail.some((line) => brokenOff.test(line));
    const causes = broke ? [`the connection to ${this.allNames()} broke off`] : known;
    const message = [...causes, this.withoutAddresses(error.message)].join("; ");
    const log = error.logTail.map((line) => this.withoutAddresses(line));
    return new EngineError(error.failing, message, log);
  }

  private async losses(): Promise<string[]> {
    const losses = this.servers.map(async (server) => {
      const why = await this.lossOf(server);
      return why === null ? [] : [`${this.nameOf(server)} ${why}`];
    });
    return (await Promise.all(losses)).flat();
  }

  /** llama.cpp calls buffers, and servers, by their addresses; rows get published. */
  private withoutAddresses(text: string): string {
    let told = text;
    for (const { endpoint, label, devices } of this.servers) {
      for (const { name, buffer_type: buffer } of devices)
        if (buffer !== undefined) told = told.replaceAll(buffer, name);
      told = told.replaceAll(endpointText(endpoint), label);
    }
    return told;
  }

  private async lossOf(server: RpcServerFound): Promise<string | null> {
    try {
      const facts = await askFacts(server.endpoint);
      if (processOf(facts) !== this.seen.get(server))
        return "ended meanwhile, and was started again";
      await withConnection(server.endpoint, async () => {});
      return null;
    } catch (error) {
      return error instanceof LinkFailure ? error.message : String(error);
    }
  }

  private allNames(): string {
    const labels = this.servers.map(({ label }) => label);
    return labels.length === 1 ? `RPC server ${labels.join("")}` : `one of ${labels.join(", ")}`;
  }

  private nameOf(server: RpcServerFound): string {
    const number = this.servers.indexOf(server) + 1;
    const which = this.servers.length === 1 ? "" : ` ${number} of ${this.servers.length}`;
    return `RPC server${which}, ${server.label},`;
  }
}
