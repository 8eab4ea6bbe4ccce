/** A worker without a model, and workloads of the machine alone that run in it. */
import { precisionOf, type Workload } from "../../bench/workload.ts";
import { lastLevelCacheBytes } from "../../machine/lastLevelCache.ts";
import { askChild } from "../child/engineErrors.ts";
import { machineLaunch, noModel, ofMachine } from "../child/machineLaunch.ts";
import { stopLimits } from "../child/stopRule.ts";
import type { EngineLaunch, RunRule, Session, Watch } from "../engine.ts";
import type { PythonChild } from "./pythonChild.ts";
import { workerWords } from "./words.ts";

export class MachineSession implements Session {
  readonly model = noModel;
  private readonly child: PythonChild;

  constructor(child: PythonChild) {
    this.child = child;
  }

  get alive(): boolean {
    return this.child.alive;
  }

  async run(workload: Workload, rule: RunRule, watch: Watch): Promise<EngineLaunch> {
    const asked = ofMachine(workload);
    const { value } = await askChild(
      () =>
        this.child.request(
          {
            type: "arithmetic",
            kind: asked.kind,
            size: asked.kind === "matmul" ? asked.size : 0,
            precision: precisionOf(asked) ?? "f32",
            cache_bytes: lastLevelCacheBytes(),
            threads: rule.context.nThreads,
            seed: rule.seed,
            most_seconds: rule.mostSeconds,
            rule: stopLimits(rule.repetitions),
            warmup: rule.warmup,
            agreement: rule.agreement,
            delay: rule.delaySeconds,
          },
          watch,
        ),
      workerWords,
    );
    return machineLaunch(asked, value, { ownMs: null, buffers: [] });
  }

  close(): Promise<void> {
    return this.child.close();
  }
}
