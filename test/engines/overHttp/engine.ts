/**
 * An engine of tests: it starts nothing, opens a model by the name that a server has for it, and takes the time of each
 * request. What it measures is that server's hashing, a round a token.
 */
import { z } from "zod";
import type { Phase } from "../../../src/bench/phases.ts";
import { generatedTokens, promptTokens, type Workload } from "../../../src/bench/workload.ts";
import {
  defineEngine,
  EngineError,
  Interrupted,
  type Engine,
  type EngineLaunch,
  type EngineTraits,
  type OpenedModel,
  type RunRule,
  type Session,
  type Watch,
} from "../../../src/engines/engine.ts";
import { LlmbenchError } from "../../../src/errors.ts";
import { scalar } from "../../../src/flags/flag.ts";
import { text } from "../../../src/flags/valueKinds.ts";

const traits: EngineTraits = {
  opens: "names",
  takes: [],
  runs: ["generate", "prompt", "both"],
  asLlamaBench: false,
};

export const overHttp = defineEngine({
  ...traits,
  flags: {
    endpoint: scalar(text("a URL", "URL"), null, { name: "endpoint", help: "server to measure" }),
  },
  async start({ own: { endpoint } }) {
    if (typeof endpoint !== "string") throw new LlmbenchError("usage", "--endpoint URL is missing");
    const { release } = await asked(`${endpoint}/about`, z.object({ release: z.string() }));
    return engineAt(endpoint, release);
  },
});

function engineAt(endpoint: string, release: string): Engine {
  return {
    traits,
    facts: {
      engine: "over-http",
      engine_version: release,
      build_commit: null,
      build_number: null,
      package: null,
      backend: null,
      devices: [],
      system_info: null,
      libraries: [],
    },
    async open({ model }, { signal }) {
      if (model === null) throw failed("has nothing without a model");
      const url = `${endpoint}/models/${encodeURIComponent(model)}`;
      const told = await asked(url, z.object({ layers: z.number() }), signal);
      return new HttpSession(url, told.layers);
    },
    async close() {},
  };
}

class HttpSession implements Session {
  readonly model: OpenedModel;
  alive = true;
  private readonly url: string;

  constructor(url: string, nLayers: number) {
    this.url = url;
    this.model = {
      modelType: null,
      modelBytes: null,
      modelParameters: null,
      quantization: "q8_0",
      nLayers,
      gpuLayers: null,
      loadMode: null,
      loadMs: null,
    };
  }

  async run(workload: Workload, rule: RunRule, watch: Watch): Promise<EngineLaunch> {
    if (typeof rule.repetitions !== "number") throw failed("counts repetitions alone");
    const warmupNs = [await this.timed({ kind: "warm_up", number: 1 }, workload, watch)];
    const samplesNs: number[] = [];
    for (let number = 1; number <= rule.repetitions; number++) {
      const ns = await this.timed({ kind: "repetition", number }, workload, watch);
      watch.onSample(ns);
      samplesNs.push(ns);
    }
    return {
      times: {
        samplesNs,
        warmupNs,
        tokenTimes: [],
        stoppedBy: "repetitions",
        startedNs: null,
        suspended: 0,
      },
      readings: {},
      nCtx: null,
      flashAttn: null,
      depthRestored: true,
      ownMs: null,
      buffers: [],
    };
  }

  async close(): Promise<void> {
    this.alive = false;
  }

  private async timed(phase: Phase, workload: Workload, { onPhase, signal }: Watch) {
    onPhase(phase);
    const rounds = promptTokens(workload) + generatedTokens(workload);
    const began = process.hrtime.bigint();
    try {
      await asked(`${this.url}/hash?rounds=${rounds}`, z.object({}), signal);
    } catch (error) {
      this.alive = false;
      throw error;
    }
    return Number(process.hrtime.bigint() - began);
  }
}

async function asked<Answer>(
  url: string,
  schema: z.ZodType<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (!response.ok) throw failed(`${url} answers ${response.status}`);
    return schema.parse(await response.json());
  } catch (error) {
    if (signal?.aborted === true) throw new Interrupted("interrupted");
    throw error;
  }
}

function failed(message: string): EngineError {
  return new EngineError({ status: "failed", code: "engine_error" }, message, []);
}
