/** Weights that llmbench makes, where they aren't in its cache yet. */
import type { PageCache } from "../../bench/weights.ts";
import { flushAndDropCachedPages } from "../../models/cachedPages.ts";
import { isMade, writeSyntheticFile } from "../../models/syntheticFile.ts";
import type { SyntheticPlan } from "../../models/syntheticPlan.ts";
import type { HeaderFile, Providing, Weights } from "./weights.ts";
import { withHole } from "./withHole.ts";

export class SyntheticWeights implements Weights {
  readonly kind = "synthetic";
  readonly content = "synthetic";
  readonly headerOf: string | null;
  readonly identity: string;
  readonly opened: string;
  readonly files: readonly string[];
  readonly found = null;
  readonly header: HeaderFile = (use) => withHole(this.plan, use);
  readonly tensorBytes: number;
  readonly bytesToWrite: number;
  private readonly plan: SyntheticPlan;

  static async of(plan: SyntheticPlan): Promise<SyntheticWeights> {
    return new SyntheticWeights(plan, await isMade(plan.path, plan));
  }

  private constructor(plan: SyntheticPlan, made: boolean) {
    this.plan = plan;
    this.headerOf = plan.headerOf;
    this.identity = plan.digest;
    this.opened = plan.path;
    this.files = [plan.path];
    this.tensorBytes = plan.tensorBytes;
    this.bytesToWrite = made ? 0 : plan.fileBytes;
  }

  async provide({ onProgress, signal }: Providing): Promise<PageCache | null> {
    if (await isMade(this.opened, this.plan)) return null;
    await writeSyntheticFile(this.opened, this.plan, { signal, onProgress });
    // Pages that aren't on the disk yet can't be dropped, and writing them back would disturb what is measured.
    return (await flushAndDropCachedPages(this.opened)) ? "dropped" : "unknown";
  }

  async changed(): Promise<string | null> {
    return (await isMade(this.opened, this.plan)) ? null : `${this.opened} is gone or was changed`;
  }

  differenceFrom(): string {
    return "its synthetic weights are made by another recipe than when the run began";
  }
}
