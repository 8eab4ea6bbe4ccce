/** Weights that an engine holds itself, under a name of its own: llmbench sees none of their bytes. */
import type { Weights } from "./weights.ts";

export class NamedWeights implements Weights {
  readonly kind = "real";
  readonly content = "real";
  readonly headerOf = null;
  readonly identity: string;
  readonly opened: string;
  readonly files: readonly string[] = [];
  readonly found = null;
  readonly header = null;
  readonly tensorBytes = null;
  readonly bytesToWrite = 0;

  constructor(name: string) {
    this.identity = `name:${name}`;
    this.opened = name;
  }

  async provide(): Promise<null> {
    return null;
  }

  async changed(): Promise<null> {
    return null;
  }

  differenceFrom(before: string): string {
    return `${this.opened} was ${before.replace(/^name:/u, "")} when the run began`;
  }
}
