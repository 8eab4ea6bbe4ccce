/**
 * Tells a child that hangs from one that computes. The child is silent while it works: a repetition of 70B takes half a
 * minute on a Mac, loading from a slow disk many. So silence alone is no sign, short of the user's own limit.
 */

import type { Phase } from "../../bench/phases.ts";

export interface Patience {
  /** Seconds without a message after which the child is given up, whatever it does; 0 for none. */
  readonly timeoutSeconds?: number;
  /** How long the phase is predicted to take, in seconds; null where nothing is predicted. */
  readonly expectedSeconds?: (phase: Phase) => number | null;
}

/** Times in seconds. */
export interface HangLimits {
  /** Silence before the child is looked at: this, or `timesExpected` the predicted time where that is longer. */
  readonly quiet: number;
  readonly timesExpected: number;
  /** How long neither processor time nor I/O may have moved. A GPU's work moves them: each batch is queued anew. */
  readonly still: number;
  /** Between two looks. */
  readonly look: number;
}

const hangLimits: HangLimits = { quiet: 120, timesExpected: 10, still: 30, look: 5 };

export type Verdict =
  | { readonly kind: "timed out"; readonly seconds: number }
  | { readonly kind: "hung"; readonly seconds: number };

export class Watchdog {
  private readonly patience: Patience;
  private readonly limits: HangLimits;
  private readonly activity: () => Promise<string | null>;
  private readonly onVerdict: (verdict: Verdict) => void;
  private readonly lookMs: number;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private lookedAt = performance.now();
  private quiet = 0;
  private quietAllowed: number;
  private still = 0;
  private lastActivity: string | null = null;

  /** @param activity a text that stays the same just as long as the child does nothing; null where that can't be told */
  constructor(
    patience: Patience,
    activity: () => Promise<string | null>,
    onVerdict: (verdict: Verdict) => void,
    limits: HangLimits = hangLimits,
  ) {
    this.patience = patience;
    this.activity = activity;
    this.onVerdict = onVerdict;
    this.limits = limits;
    this.quietAllowed = limits.quiet;
    this.lookMs = 1000 * Math.min(limits.look, this.timeout / 4);
    this.schedule();
  }

  /** A message came; of a phase which. */
  heard(phase?: Phase): void {
    this.quiet = 0;
    this.lookedAt = performance.now();
    this.forgetActivity();
    if (phase === undefined) return;
    const expected = this.patience.expectedSeconds?.(phase) ?? 0;
    this.quietAllowed = Math.max(this.limits.quiet, this.limits.timesExpected * expected);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private get timeout(): number {
    const { timeoutSeconds } = this.patience;
    return timeoutSeconds === undefined || timeoutSeconds === 0 ? Infinity : timeoutSeconds;
  }

  private schedule(): void {
    this.timer = setTimeout(() => void this.look(), this.lookMs);
  }

  private async look(): Promise<void> {
    const passed = this.secondsPassed();
    this.quiet += passed;
    const verdict = await this.judge(passed);
    if (this.stopped) return;
    if (verdict === null) this.schedule();
    else this.onVerdict(verdict);
  }

  /** Since the last look, but for what the machine slept or we were stopped: that is nobody's silence. */
  private secondsPassed(): number {
    const now = performance.now();
    const passed = Math.min(now - this.lookedAt, 2 * this.lookMs);
    this.lookedAt = now;
    return passed / 1000;
  }

  private async judge(passed: number): Promise<Verdict | null> {
    if (this.quiet >= this.timeout) return { kind: "timed out", seconds: this.timeout };
    if (this.quiet < this.quietAllowed) return null;
    const activity = await this.activity();
    // A message may have come while we asked.
    if (this.quiet < this.quietAllowed) return null;
    if (activity === null || activity !== this.lastActivity) {
      this.lastActivity = activity;
      this.still = 0;
      return null;
    }
    this.still += passed;
    if (this.still < this.limits.still) return null;
    return { kind: "hung", seconds: Math.round(this.quiet) };
  }

  private forgetActivity(): void {
    this.lastActivity = null;
    this.still = 0;
  }
}
