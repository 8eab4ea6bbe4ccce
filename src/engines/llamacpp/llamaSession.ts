/** A model that a child process has loaded, and workloads that run on it. */
import {
  generatedTokens,
  isLlamaBench,
  promptTokens,
  testName,
  type Workload,
} from "../../bench/workload.ts";
import { EngineError } from "../engine.ts";
import type { EngineLaunch, OpenedModel, RunRule, Session, Watch } from "../engine.ts";
import { ask } from "./ask.ts";
import { buffersByDevice } from "./buffersByDevice.ts";
import { readEngineLog } from "./engineLog.ts";
import { refused, workNotDone } from "../child/failings.ts";
import type { Answer } from "../child/requestChild.ts";
import type { LlamaChild } from "./llamaChild.ts";
import type { LlamaInfo } from "./llamaInfo.ts";
import { lostWorkLine } from "./memoryFailures.ts";
import type { Cluster, NamedLinks } from "./rpc/cluster.ts";
import type { ChildResults, MeasureRequest } from "./protocol.ts";
import { logTail } from "./toEngineError.ts";

/** A load that other machines hold a part of. */
export interface SharedLoad {
  readonly cluster: Cluster;
  /** As they were before it. */
  readonly links: NamedLinks | null;
}

export class LlamaSession implements Session {
  readonly model: OpenedModel;
  private readonly child: LlamaChild;
  private readonly info: LlamaInfo;
  private readonly loadLog: readonly string[];
  private readonly loadMemory: ChildResults["load"]["memory"];
  private readonly shared: SharedLoad | null;

  /** @param shared where other machines hold a part of the model */
  constructor(
    child: LlamaChild,
    { value, log }: Answer<ChildResults["load"]>,
    info: LlamaInfo,
    shared: SharedLoad | null,
  ) {
    const { offloadedLayers, loadMode, buffers } = readEngineLog(log, info.devices);
    const onDevice = buffersByDevice(buffers, info.devices).some(
      ({ device, weightsBytes }) => device !== "host" && weightsBytes > 0,
    );
    this.child = child;
    this.info = info;
    this.loadLog = log;
    this.loadMemory = value.memory;
    this.shared = shared;
    this.model = {
      modelType: value.model_type,
      modelBytes: value.model_size,
      modelParameters: value.model_n_params,
      // The file tells it.
      quantization: null,
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

  async run(workload: Workload, rule: RunRule, watch: Watch): Promise<EngineLaunch> {
    refuseOthers(workload);
    const { value, log } = await this.measured(
      {
        type: "measure",
        nPrompt: promptTokens(workload),
        nGen: generatedTokens(workload),
        nDepth: workload.depth,
        ...rule.context,
        repetitions: rule.repetitions,
        warmup: rule.warmup,
        agreement: rule.agreement,
        delay: rule.delaySeconds,
        seed: rule.seed,
      },
      watch,
    );
    const lost = lostWorkLine(log);
    if (lost !== null) throw new EngineError(workNotDone, lost.trim(), logTail(log));
    return {
      nCtx: value.n_ctx,
      flashAttn: readEngineLog(log).flashAttn,
      times: {
        samplesNs: value.samples_ns,
        warmupNs: value.warmup_ns,
        tokenTimes: value.token_ns,
        stoppedBy: value.stopped_by,
        // Of repetitions that are counted, nobody asks when each began.
        startedNs: value.stopped_by === "sustain" ? value.started_ns : null,
        suspended: value.suspended,
      },
      readings: {
        loadMs: this.model.loadMs,
        memory: { ...this.loadMemory, ...value.memory },
        cpuMs: value.repetition_cpu_ms,
        links: this.shared?.links ?? null,
        traffic: value.traffic,
      },
      depthRestored: value.depth_restored,
      ownMs: value.cpu_ms,
      buffers: buffersByDevice(
        readEngineLog([...this.loadLog, ...log], this.info.devices).buffers,
        this.info.devices,
      ),
    };
  }

  /** A machine that vanished is named. */
  private async measured(
    request: MeasureRequest,
    watch: Watch,
  ): Promise<Answer<ChildResults["measure"]>> {
    try {
      return await ask(this.child, request, watch);
    } catch (error) {
      throw this.shared === null ? error : await this.shared.cluster.named(error);
    }
  }

  close(): Promise<void> {
    return this.child.close();
  }
}

/** What the child can't run must not be timed as something else. */
function refuseOthers(workload: Workload): void {
  const why = isLlamaBench(workload)
    ? workload.parallel > 1
      ? "several sequences at once"
      : null
    : "a test that llama-bench hasn't";
  if (why !== null)
    throw new EngineError(refused, `llama.cpp doesn't run ${testName(workload)} here: ${why}`, []);
}
