/** When the parent is told what the child is at. */
import type { Phase } from "../../bench/phases.ts";
import type { Message } from "./protocol.ts";

export type Announcement = Extract<Message, { type: "phase" | "sample" }>;

/** Often enough for a progress bar and a watchdog. */
const quietMs = 200;

/**
 * Tells of a phase before it begins. Repetitions that follow each other quickly are told of together, and a sample with
 * what comes after it: each message wakes the parent, which takes a core from what is measured (1 ms of a 4M model's 30).
 */
export class Announcer {
  private readonly tell: (messages: readonly Announcement[]) => void;
  private held: Announcement[] = [];
  private toldAt = -Infinity;

  constructor(tell: (messages: readonly Announcement[]) => void) {
    this.tell = tell;
  }

  phase(phase: Phase): void {
    this.held.push({ type: "phase", phase });
    this.flush();
  }

  repetition(number: number): void {
    this.held.push({ type: "phase", phase: { kind: "repetition", number } });
    if (performance.now() - this.toldAt >= quietMs) this.flush();
  }

  sample(ns: number): void {
    this.held.push({ type: "sample", ns });
  }

  flush(): void {
    if (this.held.length > 0) this.tell(this.held);
    this.held = [];
    this.toldAt = performance.now();
  }
}
