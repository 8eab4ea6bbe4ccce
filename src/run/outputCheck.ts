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
import { LlamaChild } from "../llamacpp/llamaChild.ts";
import { askThrough } from "../models/syntheticAsk.ts";
import { ensureSyntheticFile } from "../models/syntheticFile.ts";
import { planSyntheticFile, type SyntheticQuestion } from "../models/syntheticPlan.ts";
import type { LoadGroup, Variant } from "../plan/benchCase.ts";
import type { OnEvent } from "./events.ts";

const layers = 2;

/** What a few seconds write: more than that, as of 405B at F16, is not worth its disk. */
const mostBytes = 8 * 2 ** 30;

const timeoutSeconds = 600;

export interface OutputCheckOptions {
  readonly engine: Engine;
  readonly driver: string | null;
  readonly cacheDir: string;
  readonly threads: number;
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
    this.kept = new KeptAnswers(join(options.cacheDir, "output-checks"), z.number().min(0));
  }

  /**
   * Normalised mean squared error of the device's logits; null where nothing is on a device, or nothing can be said.
   * @throws {Interrupted}
   */
  async errorOf({ variant, placement }: LoadGroup): Promise<number | null> {
    const { engine, driver, onEvent } = this.options;
    const { shape } = variant.model;
    const { quantization } = variant;
    const devices = gpuDevices(engine.info).map(({ name, description }) => [name, description]);
    if (devices.length === 0 || placement.gpuLayers === 0) return null;
    if (shape === null || quantization === null) return null;
    const { engine_version: version, build_commit: commit, backend } = engine.info;
    const question = { shape, quantization, devices, driver, version, commit, backend };
    const known = this.kept.read(question);
    const name = `${variant.model.id} ${quantization}`;
    if (known !== null || this.failed.has(name)) return known;
    try {
      onEvent({ type: "checking output", variant });
      const error = await this.compare(variant, {
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
    cut: Pick<SyntheticQuestion, "modelId" | "shape" | "quantization">,
  ): Promise<number> {
    const { engine, cacheDir, threads, signal, onEvent } = this.options;
    const child = new LlamaChild("cpu");
    try {
      const question = {
        ...cut,
        cacheDir,
        engineVersion: enginePackage(),
        ask: askThrough(child),
        signal,
        onProgress: (bytes: number, total: number) =>
          onEvent({ type: "weights", variant, bytes, total }),
      };
      const { fileBytes } = await planSyntheticFile(question);
      if (fileBytes > mostBytes) throw new Error(`two layers take ${formatBytes(fileBytes)}`);
      const { path } = await ensureSyntheticFile(question);
      try {
        const watch = { signal, timeoutSeconds, onPhase() {}, onSample() {} };
        return await engine.outputError({ path, nThreads: threads }, watch);
      } finally {
        await rm(path, { force: true });
      }
    } finally {
      await child.close();
    }
  }
}
