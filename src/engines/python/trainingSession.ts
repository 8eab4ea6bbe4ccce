/** A worker that trains decoders of one shape: each case is prepared, proved to learn, and then timed. */
import { formatDuration } from "../../base/duration.ts";
import type { Phase } from "../../bench/phases.ts";
import { testName, type TrainWorkload, type Workload } from "../../bench/workload.ts";
import { decoderParameters, trainingFlops, type DecoderShape } from "../../gguf/decoderShape.ts";
import { askChild } from "../child/engineErrors.ts";
import { refused, workNotDone } from "../child/failings.ts";
import { stopLimits } from "../child/stopRule.ts";
import {
  EngineError,
  type EngineLaunch,
  type OpenedModel,
  type RunRule,
  type Session,
  type Watch,
} from "../engine.ts";
import { proofSteps, whyNotDone, whyNotLearning } from "./proof.ts";
import type { MeasuredSteps, Prepared, Proof, WorkerRequest, WorkerResults } from "./protocol.ts";
import type { PythonChild } from "./pythonChild.ts";
import { workerWords } from "./words.ts";

const tooSlow = { status: "skipped", code: "too_slow" } as const;

export class TrainingSession implements Session {
  readonly model: OpenedModel;
  private readonly child: PythonChild;
  private readonly shape: DecoderShape;
  private readonly compile: boolean;

  constructor(child: PythonChild, shape: DecoderShape, { compile }: { readonly compile: boolean }) {
    this.child = child;
    this.shape = shape;
    this.compile = compile;
    this.model = {
      modelType: null,
      modelBytes: null,
      modelParameters: decoderParameters(shape),
      quantization: null,
      nLayers: shape.n_layers,
      gpuLayers: null,
      loadMode: null,
      loadMs: null,
    };
  }

  get alive(): boolean {
    return this.child.alive;
  }

  async run(workload: Workload, rule: RunRule, watch: Watch): Promise<EngineLaunch> {
    if (workload.kind !== "train")
      throw new EngineError(refused, `${testName(workload)} is no training`, []);
    const prepared = await this.prepare(workload, rule, watch);
    const stepSeconds = this.stepSeconds(workload, prepared);
    refuseSlow(workload, prepared, stepSeconds, rule);
    // What compiles works in processes of its own: that nothing is heard of this one means nothing then.
    const expectedSeconds = ({ kind }: Phase) => (kind === "compile" ? Infinity : stepSeconds);
    const patient = { ...watch, expectedSeconds };
    const proof = await this.ask({ type: "prove", steps: proofSteps }, patient);
    const idle = whyNotLearning(proof, workload.precision);
    if (idle !== null) throw new EngineError(workNotDone, idle, []);
    const measured = await this.ask(
      {
        type: "measure",
        rule: stopLimits(rule.repetitions),
        warmup: rule.warmup,
        agreement: rule.agreement,
        delay: rule.delaySeconds,
      },
      patient,
    );
    const undone = whyNotDone(measured);
    if (undone !== null) throw new EngineError(workNotDone, undone, []);
    return this.launchOf(workload, prepared, proof, measured);
  }

  close(): Promise<void> {
    return this.child.close();
  }

  private prepare(
    { sequence, batch, precision }: TrainWorkload,
    { context, seed }: RunRule,
    watch: Watch,
  ): Promise<Prepared> {
    return this.ask(
      {
        type: "prepare",
        shape: this.shape,
        sequence,
        batch,
        precision,
        threads: context.nThreads,
        compile: this.compile,
        seed,
      },
      watch,
    );
  }

  /** By the slice that was timed, its part of the step's operations. */
  private stepSeconds({ sequence, batch }: TrainWorkload, told: Prepared): number {
    const slice = trainingFlops(this.shape, told.slice_tokens, 1);
    return (told.slice_ns / 1e9) * (trainingFlops(this.shape, sequence, batch) / slice);
  }

  private async ask<Request extends WorkerRequest>(
    request: Request,
    watch: Watch,
  ): Promise<WorkerResults[Request["type"]]> {
    return (await askChild(() => this.child.request(request, watch), workerWords)).value;
  }

  private launchOf(
    { sequence, batch }: TrainWorkload,
    { setup }: Prepared,
    { steps }: Proof,
    measured: MeasuredSteps,
  ): EngineLaunch {
    const [first] = steps;
    return {
      nCtx: sequence,
      flashAttn: null,
      times: {
        samplesNs: measured.samples_ns,
        warmupNs: measured.warmup_ns,
        tokenTimes: [],
        stoppedBy: measured.stopped_by,
        startedNs: measured.stopped_by === "sustain" ? measured.started_ns : null,
        suspended: measured.suspended,
      },
      readings: {
        memory: measured.memory,
        cpuMs: measured.repetition_cpu_ms,
        lossFirst: first?.loss ?? null,
        lossLast: measured.traces.at(-1)?.[0] ?? null,
        peakDeviceBytes: measured.peak_device_bytes,
        flops: trainingFlops(this.shape, sequence, batch),
        compileMs: this.compile && first !== undefined ? first.ns / 1e6 : null,
      },
      depthRestored: true,
      ownMs: null,
      buffers: [],
      others: setup,
    };
  }
}

/** A type that the machine computes slowly must not take hours: nobody who waits two minutes for a case wants them. */
function refuseSlow(
  workload: TrainWorkload,
  { slice_ns: ns, slice_tokens: tokens }: Prepared,
  stepSeconds: number,
  { mostSeconds }: RunRule,
): void {
  if (stepSeconds <= mostSeconds) return;
  throw new EngineError(
    tooSlow,
    `a step of ${testName(workload)} would take ${formatDuration(stepSeconds)}, by ${tokens} tokens that took ${(ns / 1e9).toPrecision(2)} s: longer than --max-time ${formatDuration(mostSeconds)}, raise that to measure it`,
    [],
  );
}
