/** llama.cpp: a child process per loaded model and launch. */
import { toType } from "../../base/invocation.ts";
import { LlmbenchError } from "../../errors.ts";
import { ChildFailure } from "../../llamacpp/childFailure.ts";
import type { EngineInfo } from "../../llamacpp/engineInfo.ts";
import { readEngineLog } from "../../llamacpp/engineLog.ts";
import { LlamaChild, type Answer, type RequestOptions } from "../../llamacpp/llamaChild.ts";
import type { ChildRequest, ChildResults, EngineDeviceChoice } from "../../llamacpp/protocol.ts";
import { oomKills } from "../../machine/oomKills.ts";
import {
  EngineError,
  Interrupted,
  type Engine,
  type MeasuredCase,
  type MeasureRequest,
  type OpenedModel,
  type OpenRequest,
  type OutputRequest,
  type Session,
  type Watch,
} from "../engine.ts";
import { buffersByDevice } from "./buffersByDevice.ts";
import { lostWorkLine } from "./memoryFailures.ts";
import { logTail, toEngineError } from "./toEngineError.ts";

/**
 * Asks a first child what llama.cpp sees, and lets `use` ask it more before it is closed.
 *
 * @throws {LlmbenchError} `engine`: no build for the device here, or it sees no GPU.
 */
export async function openLlamaEngine<Answers>(
  device: EngineDeviceChoice,
  use: (child: LlamaChild, info: EngineInfo) => Promise<Answers>,
): Promise<{ engine: Engine; answers: Answers }> {
  const child = new LlamaChild(device);
  try {
    const info = await probe(child, device);
    const answers = await use(child, info);
    return { engine: new LlamaEngine(device, info), answers };
  } catch (error) {
    // The terminal's Ctrl-C ends a young child with us.
    if (error instanceof ChildFailure && error.failure.kind === "aborted") {
      throw new Interrupted("interrupted");
    }
    throw error;
  } finally {
    await child.close();
  }
}

async function probe(child: LlamaChild, device: EngineDeviceChoice): Promise<EngineInfo> {
  try {
    return (await child.request({ type: "probe" })).value;
  } catch (error) {
    if (!(error instanceof ChildFailure) || error.failure.kind === "aborted") throw error;
    const see = `see "${toType("devices")}"`;
    const wayOut = device === "auto" ? see : `${see}, or use --device auto`;
    throw new LlmbenchError("engine", `${error.message}; ${wayOut}`, { cause: error });
  }
}

class LlamaEngine implements Engine {
  readonly info: EngineInfo;
  private readonly device: EngineDeviceChoice;

  constructor(device: EngineDeviceChoice, info: EngineInfo) {
    this.device = device;
    this.info = info;
  }

  async outputError(request: OutputRequest, watch: Watch): Promise<number> {
    const { path, referencePath = path, nThreads } = request;
    const child = new LlamaChild(this.device, { found: this.info });
    try {
      const { value } = await ask(child, { type: "logits", path, referencePath, nThreads }, watch);
      return value.nmse;
    } finally {
      await child.close();
    }
  }

  async open(request: OpenRequest, watch: Watch): Promise<Session> {
    const child = new LlamaChild(this.device, { found: this.info });
    try {
      const answer = await ask(
        child,
        { type: "load", path: request.path, ...request.placement },
        watch,
      );
      return new LlamaSession(child, answer, this.info);
    } catch (error) {
      await child.close();
      throw error;
    }
  }
}

class LlamaSession implements Session {
  readonly model: OpenedModel;
  private readonly child: LlamaChild;
  private readonly info: EngineInfo;
  private readonly loadLog: readonly string[];
  private readonly loadMemory: ChildResults["load"]["memory"];

  constructor(child: LlamaChild, { value, log }: Answer<ChildResults["load"]>, info: EngineInfo) {
    const { offloadedLayers, loadMode, buffers } = readEngineLog(log);
    const onDevice = buffersByDevice(buffers).some(
      ({ device, weights_bytes }) => device !== "host" && weights_bytes > 0,
    );
    this.child = child;
    this.info = info;
    this.loadLog = log;
    this.loadMemory = value.memory;
    this.model = {
      modelType: value.model_type,
      modelBytes: value.model_size,
      modelParameters: value.model_n_params,
      nLayers: value.n_layers,
      // llama.cpp prints how many it would offload even where there is nothing to offload to.
      gpuLayers: onDevice ? (offloadedLayers ?? 0) : 0,
      loadMode,
      loadMs: value.load_ms,
    };
  }

  get alive(): boolean {
    return this.child.alive;
  }

  async measure(request: MeasureRequest, watch: Watch): Promise<MeasuredCase> {
    const { value, log } = await ask(
      this.child,
      {
        type: "measure",
        ...request.workload,
        ...request.context,
        repetitions: request.repetitions,
        warmup: request.warmup,
        delay: request.delaySeconds,
        seed: request.seed,
      },
      watch,
    );
    const lost = lostWorkLine(log);
    if (lost !== null) throw new EngineError("failed", "work_not_done", lost.trim(), logTail(log));
    return {
      nCtx: value.n_ctx,
      flashAttn: readEngineLog(log).flashAttn,
      samplesNs: value.samples_ns,
      warmupNs: value.warmup_ns,
      depthRestored: value.depth_restored,
      stoppedBy: value.stopped_by,
      startedNs: value.started_ns,
      suspended: value.suspended,
      cpuMs: value.cpu_ms,
      memory: { ...this.loadMemory, ...value.memory },
      buffers: buffersByDevice(readEngineLog([...this.loadLog, ...log]).buffers, this.info.devices),
    };
  }

  close(): Promise<void> {
    return this.child.close();
  }
}

async function ask<Request extends ChildRequest>(
  child: LlamaChild,
  request: Request,
  watch: RequestOptions,
): Promise<Answer<ChildResults[Request["type"]]>> {
  const killsBefore = oomKills();
  try {
    return await child.request(request, watch);
  } catch (error) {
    throw toEngineError(error, killsBefore !== null && (oomKills() ?? 0) > killsBefore);
  }
}
