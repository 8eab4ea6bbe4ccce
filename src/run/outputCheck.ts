/**
 * Fast and wrong is not fast: does the device compute what the CPU computes? Asked once for each shape, quantization,
 * device and build, on two layers of the model, made for it, outside of any measurement.
 */
import { join } from "node:path";
import { rm } from "node:fs/promises";
import { z } from "zod";
import { formatBytes } from "../base/bytes.ts";
import { KeptAnswers } from "../base/keptAnswers.ts";
import { enginePackage } from "../base/version.ts";
import { Interrupted, type Engine } from "../engines/engine.ts";
import { gpuDevices } from "../bench/gpuDevices.ts";
import { ensureSyntheticFile } from "../models/syntheticFile.ts";
import { planSyntheticFile, type SyntheticQuestion } from "../models/syntheticPlan.ts";
import type { LoadGroup } from "../plan/benchCase.ts";
import type { Variant } from "../plan/variant.ts";
import type { OnEvent } from "./events.ts";
import type { PreparedRun } from "./prepareRun.ts";

const layers = 2;

/** What a few seconds write: more than that, as of 405B at F16, is not worth its disk. */
const mostBytes = 8 * 2 ** 30;

const timeoutSeconds = 600;

export interface OutputCheckOptions {
  /** As far as this looks. */
  readonly run: Pick<PreparedRun, "cacheDir"> & {
    readonly engine: Engine;
    readonly machine: Pick<PreparedRun["machine"], "driver" | "default_threads">;
  };
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

export class OutputCheck {
  private readonly options: OutputCheckOptions;
  private readonly kept: KeptAnswers<number>;
  /** What could not be compared is not tried again in this run. */
  private readonly failed = new Set<string>();

  constructor(options: OutputCheckOptions) {
    this.options = options;
    this.kept = new KeptAnswers(join(options.run.cacheDir, "output-checks"), z.number().min(0));
  }

  /**
   * Normalised mean squared error of the device's logits; null where nothing is on a device, or nothing can be said.
   * @throws {Interrupted}
   */
  async errorOf({ variant, placement }: LoadGroup): Promise<number | null> {
    const { run, onEvent } = this.options;
    const { engine } = run;
    const { facts } = engine;
    const { driver } = run.machine;
    const { shape } = variant.model;
    const { quantization } = variant;
    const devices = gpuDevices(facts).map(({ name, description }) => [name, description]);
    if (devices.length === 0 || placement.gpuLayers === 0) return null;
    if (shape === null || quantization === null) return null;
    // An engine that can't compare has nothing to say.
    if (!canCompare(engine)) return null;
    const { engine_version: version, build_commit: commit, backend } = facts;
    const question = { shape, quantization, devices, driver, version, commit, backend };
    const known = this.kept.read(question);
    const name = `${variant.model.id} ${quantization}`;
    if (known !== null || this.failed.has(name)) return known;
    try {
      onEvent({ type: "checking output", variant });
      const error = await this.compare(variant, engine, {
        modelId: `${variant.model.id}-${layers}-layers`,
        shape: { ...shape, n_layers: Math.min(layers, shape.n_layers) },
        quantization,
      });
      await this.kept.keep(question, error);
      return error;
    } catch (error) {
      if (error instanceof Interrupted || this.options.signal.aborted) throw error;
      this.failed.add(name);
      const text = error instanceof Error ? error.message : String(error);
      onEvent({
        type: "warning",
        text: `${name}: its output could not be compared with the CPU's: ${text}`,
      });
      return null;
    }
  }

  private async compare(
    variant: Variant,
    engine: Comparing,
    cut: Pick<SyntheticQuestion, "modelId" | "shape" | "quantization">,
  ): Promise<number> {
    const { run, signal, onEvent } = this.options;
    const question = {
      ...cut,
      cacheDir: run.cacheDir,
      engineVersion: enginePackage(),
      ask: engine.tensorTypes,
      signal,
      onProgress: (bytes: number, total: number) =>
        onEvent({ type: "weights", variant, bytes, total }),
    };
    const { fileBytes } = await planSyntheticFile(question);
    if (fileBytes > mostBytes) throw new Error(`two layers take ${formatBytes(fileBytes)}`);
    const { path } = await ensureSyntheticFile(question);
    try {
      const watch = { signal, timeoutSeconds, onPhase() {}, onSample() {} };
      return await engine.outputError({ path, nThreads: run.machine.default_threads }, watch);
    } finally {
      await rm(path, { force: true });
    }
  }
}

type Comparing = Engine & Required<Pick<Engine, "tensorTypes" | "outputError">>;

function canCompare(engine: Engine): engine is Comparing {
  return engine.tensorTypes !== undefined && engine.outputError !== undefined;
}
