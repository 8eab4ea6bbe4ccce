/** llama.cpp as an engine: a child process that answers questions, and one for each loaded model and launch. */
import pLimit from "p-limit";
import { toType } from "../../base/invocation.ts";
import { sharedLoadMode } from "../../bench/lentDevices.ts";
import { LlmbenchError } from "../../errors.ts";
import type { AskTensorTypes } from "../../gguf/askTensorTypes.ts";
import type {
  Engine,
  EngineAsk,
  EngineTraits,
  Lender,
  MemoryRequest,
  OutputRequest,
  Session,
  Target,
  ToldMemory,
  Watch,
} from "../engine.ts";
import { Interrupted } from "../engine.ts";
import { ask } from "./ask.ts";
import { askMemoryOf } from "./askMemoryOf.ts";
import { askThrough } from "./askTensorTypes.ts";
import { ChildFailure } from "../child/childFailure.ts";
import { LlamaChild } from "./llamaChild.ts";
import type { LlamaInfo } from "./llamaInfo.ts";
import { LlamaSession } from "./llamaSession.ts";
import { RoofSession } from "./roofSession.ts";
import { Cluster } from "./rpc/cluster.ts";
import { findServers } from "./rpc/servers.ts";
import { logTail } from "./toEngineError.ts";
import { whyRefused } from "./whyRefused.ts";

/** Of the row's own flags. */
interface ServerFlags {
  readonly rpc?: string | null;
  readonly rpcLibrary?: string | null;
}

/** @throws as EngineRow.start does. */
export async function startLlamaCpp(
  traits: EngineTraits,
  { device, own }: { readonly device: EngineAsk["device"]; readonly own: ServerFlags },
): Promise<Engine> {
  // A server that isn't there is told before any process of llama.cpp's, which would end with it, meets it.
  const asked = own.rpc ?? null;
  const servers = asked === null ? [] : await findServers(asked);
  const child = new LlamaChild(device);
  try {
    const here = await probe(child, device);
    const cluster = await Cluster.of(servers, here, own.rpcLibrary ?? null);
    return new LlamaCpp(traits, device, here, cluster, child);
  } catch (error) {
    await child.close();
    throw error;
  }
}

/** What llama.cpp sees here, and no child is left. @throws as EngineRow.start does. */
export async function probeLlamaCpp(device: EngineAsk["device"]): Promise<LlamaInfo> {
  const child = new LlamaChild(device);
  try {
    return await probe(child, device);
  } finally {
    await child.close();
  }
}

async function probe(child: LlamaChild, device: EngineAsk["device"]): Promise<LlamaInfo> {
  try {
    return (await child.request({ type: "probe" })).value;
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    // The terminal's Ctrl-C ends a young child with us.
    if (error.failure.kind === "aborted") throw new Interrupted("interrupted");
    const see = `see "${toType("devices")}"`;
    const wayOut = device === "auto" ? see : `${see}, or use --device auto`;
    throw new LlmbenchError("engine", `${error.message}; ${wayOut}`, { cause: error });
  }
}

class LlamaCpp implements Engine {
  readonly traits: EngineTraits;
  readonly facts: LlamaInfo;
  private readonly device: EngineAsk["device"];
  private readonly here: LlamaInfo;
  /** The other machines; null where none takes part. */
  private readonly cluster: Cluster | null;
  /** Answers questions, and is gone while anything is measured: a second llama.cpp would hold a device's memory. */
  private asked: LlamaChild | null;
  /** A child answers one question at a time. */
  private readonly inTurn = pLimit(1);

  constructor(
    traits: EngineTraits,
    device: EngineAsk["device"],
    here: LlamaInfo,
    cluster: Cluster | null,
    asked: LlamaChild,
  ) {
    this.traits = traits;
    this.device = device;
    this.here = here;
    this.cluster = cluster;
    this.facts = cluster === null ? here : cluster.facts;
    this.asked = asked;
  }

  readonly tensorTypes: AskTensorTypes = async (path, quantization) => {
    const types = await this.question((child) => askThrough(child)(path, quantization));
    if (!(types instanceof ChildFailure)) return types;
    const told = logTail(types.log).at(-1);
    throw new LlmbenchError(
      "engine",
      `llama.cpp did not tell the tensor types of ${quantization}: ${types.message}${told === undefined ? "" : `: ${told.trim()}`}`,
      { cause: types },
    );
  };

  async memory(request: MemoryRequest): Promise<ToldMemory | null> {
    const told = await this.question((child) =>
      askMemoryOf(child, request, { allocate: false, devices: this.facts.devices }),
    );
    return told instanceof ChildFailure ? null : told;
  }

  async refusal(path: string): Promise<string | null> {
    const told = await this.question((child) => child.request({ type: "check", path }));
    return told instanceof ChildFailure ? whyRefused(told) : null;
  }

  async outputError(request: OutputRequest, watch: Watch): Promise<number> {
    const { path, referencePath = path, nThreads } = request;
    return this.withChild(async (child) => {
      const { value } = await ask(child, { type: "logits", path, referencePath, nThreads }, watch);
      return value.nmse;
    });
  }

  async lenders(): Promise<readonly Lender[]> {
    return (await this.cluster?.lenders()) ?? [];
  }

  async open({ model: path, placement }: Target, watch: Watch): Promise<Session> {
    await this.close();
    const cluster = this.cluster?.takesPart(placement) === true ? this.cluster : null;
    if (path === null) return new RoofSession(this.newChild(null), placement);
    const links = (await cluster?.measureLinks(watch.signal)) ?? null;
    const child = this.newChild(cluster);
    const ends = cluster === null ? null : { cluster, links };
    try {
      const loadMode = cluster === null ? placement.loadMode : sharedLoadMode(placement.loadMode);
      const loaded = await ask(child, { type: "load", path, ...placement, loadMode }, watch);
      return new LlamaSession(child, loaded, this.facts, ends);
    } catch (error) {
      await child.close();
      throw cluster === null ? error : await cluster.named(error);
    }
  }

  rest(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    const { asked } = this;
    this.asked = null;
    await asked?.close();
  }

  /** In turn, as a child answers. Its failure is for the asker to state. @throws {Interrupted} */
  private question<Answer>(
    put: (child: LlamaChild) => Promise<Answer>,
  ): Promise<Answer | ChildFailure> {
    return this.inTurn(async () => {
      if (this.asked?.alive !== true) this.asked = this.newChild(this.cluster);
      try {
        return await put(this.asked);
      } catch (error) {
        if (!(error instanceof ChildFailure)) throw error;
        if (error.failure.kind === "aborted") throw new Interrupted("interrupted");
        return error;
      }
    });
  }

  /** Told what the first child found, it need not look for it. */
  private newChild(cluster: Cluster | null): LlamaChild {
    return new LlamaChild(this.device, {
      found: this.here,
      ...(cluster === null
        ? {}
        : { servers: cluster.list, serversActivity: () => cluster.activity() }),
    });
  }

  private async withChild<Answer>(use: (child: LlamaChild) => Promise<Answer>): Promise<Answer> {
    await this.close();
    const child = this.newChild(this.cluster);
    try {
      return await use(child);
    } finally {
      await child.close();
    }
  }
}
