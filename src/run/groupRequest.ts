/** What measuring a group of cases takes. */
import type { MeasuredRecord } from "../bench/record.ts";
import type { Engine } from "../engines/engine.ts";
import type { BenchCase, LoadGroup } from "../plan/benchCase.ts";
import type { RunContext } from "./caseFacts.ts";
import type { OnEvent } from "./events.ts";
import type { LoadWatch } from "./loadWatch.ts";
import type { RunOptions } from "./runOptions.ts";

export interface GroupRequest {
  readonly engine: Engine;
  readonly group: LoadGroup;
  readonly launch: number;
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly onCase: (one: BenchCase) => void;
  readonly load: LoadWatch;
  /** How far the device's logits are from the CPU's; null where nothing is on a device or they weren't compared. */
  readonly outputError: number | null;
  /** The case as its launches before this one made it; null before the first. */
  readonly earlier: (one: BenchCase) => MeasuredRecord | null;
}
