/** The process that measures a group of cases, and after its end the next one. */
import type { ReasonCode } from "../bench/statuses.ts";
import { EngineError, type Engine, type Session } from "../engines/engine.ts";
import type { LoadGroup } from "../plan/benchCase.ts";
import { ModelChanged } from "../plan/weights/weights.ts";
import type { RunContext } from "./runContext.ts";
import type { OnEvent } from "./events.ts";
import type { RunOptions } from "./runOptions.ts";
import { watch } from "./watch.ts";
import { provideWeights } from "./weightsOnDisk.ts";

/** Loads that may end in a crash or a hang one after another: a process that was killed costs its case alone. */
const mostCrashes = 2;

/** What opening a session for a group takes. */
export interface Launching {
  readonly engine: Engine;
  readonly group: LoadGroup;
  readonly launch: number;
  readonly options: Pick<RunOptions, "timeoutSeconds">;
  readonly context: Pick<RunContext, "pageCaches">;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

export class GroupLaunch {
  private current: Session | null = null;
  private failure: unknown = null;
  private crashes = 0;
  private readonly request: Launching;

  constructor(request: Launching) {
    this.request = request;
  }

  async session(): Promise<Session> {
    if (this.current?.alive === true) return this.current;
    await this.close();
    // What could not be loaded for one case can't be for the next.
    if (this.failure !== null) throw this.failure;
    try {
      this.current = await this.open();
      this.crashes = 0;
      return this.current;
    } catch (error) {
      this.crashes += 1;
      if (!mayPass(error) || this.crashes === mostCrashes) this.failure = error;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.current?.close();
    this.current = null;
  }

  private async open(): Promise<Session> {
    const { engine, group, onEvent, launch } = this.request;
    const { variant, placement } = group;
    await provideWeights(variant, this.request);
    onEvent({ type: "loading", variant, launch });
    const { weights, model } = variant;
    const target = { model: weights.opened, shape: model.shape, placement };
    return engine.open(target, watch(this.request, null));
  }
}

/** Ends of a process that need not come again. */
const passing: ReadonlySet<ReasonCode> = new Set<ReasonCode>(["crashed", "timed_out"]);

/** A file can come back, and a crash or a hang need not come again. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof ModelChanged ||
    (error instanceof EngineError && passing.has(error.failing.code))
  );
}
