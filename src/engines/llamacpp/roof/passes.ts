/** Passes over a roof's tensors, one after the other, and what they take. */
import type { Engine } from "../engine.ts";
import { EngineFailure } from "../engineFailure.ts";
import type { Pointer } from "../structs.ts";

/** Between two waits for the device: to wait costs it some microseconds, and a long queue memory. */
const queuedNs = 20e6;

/** So long a pass shows by itself what one takes. */
const longNs = 250e6;

export class Passes {
  private readonly api: Engine["api"];
  private readonly backend: Pointer;
  private readonly graph: Pointer;
  /** What one takes; until that is known each is waited for. */
  private singleNs = Number.POSITIVE_INFINITY;

  constructor({ api }: Engine, backend: Pointer, graph: Pointer) {
    this.api = api;
    this.backend = backend;
    this.graph = graph;
  }

  /**
   * The first, which also compiles kernels and touches pages, and where that doesn't show what one takes, another.
   *
   * @param inspect what the first left
   * @throws {EngineFailure} at `decode`
   */
  begin(inspect: () => void): void {
    this.singleNs = this.time(1);
    inspect();
    if (this.singleNs < longNs) this.singleNs = this.time(1);
  }

  /** How many fill so much time, at least one. */
  filling(ns: number): number {
    return Math.max(1, Math.ceil(ns / this.singleNs));
  }

  /** @returns the time of so many in ns. @throws {EngineFailure} at `decode` */
  time(passes: number): number {
    const queued = this.filling(queuedNs);
    const began = process.hrtime.bigint();
    for (let done = 0; done < passes;) {
      const until = Math.min(passes, done + queued);
      for (; done < until; done++) {
        const status = this.api.computeAsync(this.backend, this.graph);
        if (status !== 0) throw new EngineFailure("decode", `ggml's graph ended with ${status}`);
      }
      this.api.synchronizeBackend(this.backend);
    }
    return Number(process.hrtime.bigint() - began);
  }
}
