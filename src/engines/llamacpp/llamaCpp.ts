/** llama.cpp's row of the registry: a child process that answers questions, and one for each loaded model and launch. */
import pLimit from "p-limit";
import { toType } from "../../base/invocation.ts";
import type { EngineInfo } from "../../bench/engineInfo.ts";
import { settingNames } from "../../bench/settings.ts";
import { LlmbenchError } from "../../errors.ts";
import type { AskTensorTypes } from "../../gguf/askTensorTypes.ts";
import type {
  Engine,
  EngineAsk,
  EngineRow,
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
import { ChildFailure } from "./childFailure.ts";
import { LlamaChild } from "./llamaChild.ts";
import { LlamaSession } from "./llamaSession.ts";

export const llamaCpp: EngineRow = {
  takes: settingNames,
  async start({ device }) {
    const child = new LlamaChild(device);
    try {
      return new LlamaCpp(device, await probe(child, device), child);
    } catch (error) {
      await child.close();
      throw error;
    }
  },
};

async function probe(child: LlamaChild, device: EngineAsk["device"]): Promise<EngineInfo> {
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
  readonly facts: EngineInfo;
  private readonly device: EngineAsk["device"];
  /** Answers questions, and is gone while anything is measured: a second llama.cpp would hold a device's memory. */
  private asked: LlamaChild | null;
  /** A child answers one question at a time. */
  private readonly inTurn = pLimit(1);

  constructor(device: EngineAsk["device"], facts: EngineInfo, asked: LlamaChild) {
    this.device = device;
    this.facts = facts;
    this.asked = asked;
  }

  readonly tensorTypes: AskTensorTypes = (path, quantization) =>
    this.inTurn(() => askThrough(this.questions())(path, quantization));

  async memory(request: MemoryRequest): Promise<ToldMemory | null> {
    try {
      return await this.inTurn(() => askMemoryOf(this.questions(), request, { allocate: false }));
    } catch (error) {
      if (!(error instanceof ChildFailure)) throw error;
      if (error.failure.kind === "aborted") throw new Interrupted("interrupted");
      return null;
    }
  }

  async outputError(request: OutputRequest, watch: Watch): Promise<number> {
    const { path, referencePath = path, nThreads } = request;
    return this.withChild(async (child) => {
      const { value } = await ask(child, { type: "logits", path, referencePath, nThreads }, watch);
      return value.nmse;
    });
  }

  async open({ path, placement }: Target, watch: Watch): Promise<Session> {
    await this.close();
    const child = this.newChild();
    try {
      const loaded = await ask(child, { type: "load", path, ...placement }, watch);
      return new LlamaSession(child, loaded, this.facts);
    } catch (error) {
      await child.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { asked } = this;
    this.asked = null;
    await asked?.close();
  }

  private questions(): LlamaChild {
    if (this.asked?.alive !== true) this.asked = this.newChild();
    return this.asked;
  }

  /** Told what the first child found, it need not look for it. */
  private newChild(): LlamaChild {
    return new LlamaChild(this.device, { found: this.facts });
  }

  private async withChild<Answer>(use: (child: LlamaChild) => Promise<Answer>): Promise<Answer> {
    await this.close();
    const child = this.newChild();
    try {
      return await use(child);
    } finally {
      await child.close();
    }
  }
}
