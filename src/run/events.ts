/** What a run says while it goes on, for whoever shows it. The core itself is silent. */
import type { Phase } from "../bench/phases.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import type { Variant } from "../plan/variant.ts";

export type RunEvent =
  | { readonly type: "started"; readonly directory: string; readonly cases: number }
  | {
      readonly type: "weights";
      readonly variant: Variant;
      readonly bytes: number;
      readonly total: number;
    }
  | { readonly type: "weights made"; readonly variant: Variant }
  /** SHA-256 of real weights. */
  | {
      readonly type: "hashing";
      readonly variant: Variant;
      readonly bytes: number;
      readonly total: number;
    }
  /** Whether the device computes what the CPU does; its weights may be made first. */
  | { readonly type: "checking output"; readonly variant: Variant }
  | { readonly type: "loading"; readonly variant: Variant; readonly launch: number }
  | {
      readonly type: "case";
      readonly case: BenchCase;
      /** That measures it. */
      readonly engine: string;
      /** From 1. */
      readonly number: number;
      readonly of: number;
      readonly launch: number;
    }
  | { readonly type: "phase"; readonly phase: Phase }
  /** A repetition's time, in ns. */
  | { readonly type: "sample"; readonly ns: number; readonly repetition: number }
  /** A line of the engine's log. */
  | { readonly type: "log"; readonly line: string }
  /** The case's line is on disk. */
  | { readonly type: "result"; readonly result: CaseRecord }
  | { readonly type: "warning"; readonly text: string };

export type OnEvent = (event: RunEvent) => void;
