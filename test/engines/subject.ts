/** An engine as the contract is tried on it: its row, how it is started, and what it opens. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Workload } from "../../src/bench/workload.ts";
import type { EngineRow } from "../../src/engines/engine.ts";
import type { OwnValues } from "../../src/engines/ownFlags.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";

export interface Subject {
  readonly name: string;
  readonly row: EngineRow;
  readonly own: OwnValues;
  readonly model: string;
  /** The model's, for an engine that opens shapes. */
  readonly shape?: ModelShape | null;
  /** What it can't open. */
  readonly noModel: string;
  /** Whether a session is a process of its own. */
  readonly inChild: boolean;
  /** What it runs, each by its words; a prompt and generation where absent. */
  readonly workloads?: readonly (readonly [string, Workload])[];
  /** False where what it needs isn't on this machine, and its tests are skipped. */
  readonly isHere?: boolean;
}

/** Those of `subject.ts` in the folder of each engine: of the registry's, and of one that tests alone have. */
export async function subjects(): Promise<readonly Subject[]> {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(import.meta.dirname, name, "subject.ts"))
    .filter((path) => existsSync(path));
  const modules = folders.map((path) => import(path) as Promise<{ readonly subject: Subject }>);
  return (await Promise.all(modules)).map(({ subject }) => subject);
}
