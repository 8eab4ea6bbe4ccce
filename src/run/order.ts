/** What a run is to do: a new one's settings and models, or the journal of one to go on with. */
import type { CaseRecord } from "../bench/record.ts";
import { ownValues, readOwnValues } from "../engines/ownFlags.ts";
import { engineRow } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import type { AskedModel } from "../plan/plannedModel.ts";
import type { JournalEnd } from "../results/journalWriter.ts";
import type { Journal } from "../results/readJournal.ts";
import type { OutputFormat } from "../suite/runFlags.ts";
import type { RunSettings } from "../suite/settings.ts";
import { runOptionsSchema, type RunOptions } from "./runOptions.ts";

/** What one engine of a new run measures. */
export interface OrderPart {
  readonly settings: RunSettings;
  readonly models: readonly AskedModel[];
}

export interface NewOrder extends OrderPart {
  readonly kind: "new";
  readonly options: RunOptions;
  /** What further engines measure after it, as `options.beside` has them. */
  readonly beside: readonly OrderPartBeside[];
  /** Null leaves the folder's name to the run. */
  readonly directory: string | null;
  readonly output: OutputFormat;
}

export interface OrderPartBeside extends OrderPart {
  /** Nobody asked for this engine: where it isn't here, its cases are skipped. */
  readonly isOptional: boolean;
}

export interface ResumeOrder {
  readonly kind: "resume";
  /** As the run began, but for what was said anew. */
  readonly options: RunOptions;
  readonly journal: Journal;
  /** The journal's. */
  readonly path: string;
  readonly directory: string;
  /** How the journal ended when it was read. */
  readonly end: JournalEnd;
  /** Failed cases are measured again. */
  readonly retryFailed: boolean;
  readonly output: OutputFormat;
}

export type Order = NewOrder | ResumeOrder;

/** Results of the journal that aren't measured again. */
export function standing({ journal, retryFailed }: ResumeOrder): readonly CaseRecord[] {
  return journal.cases.filter(({ status }) => !(retryFailed && status === "failed"));
}

/** Whether nothing is left to measure. */
export function isComplete(order: Order): boolean {
  if (order.kind === "new") return false;
  const known = new Set(standing(order).map(({ id }) => id));
  return order.journal.planned.every((id) => known.has(id));
}

/** What a resume may say anew: how patient it is, and where the engines' machines are by now. */
export interface SaidAnew {
  readonly timeoutSeconds?: number | undefined;
  readonly [key: string]: unknown;
}

/**
 * @param stored the options that the journal holds
 * @param path the journal's, for errors
 * @throws LlmbenchError `input` where some are missing, `config` for an engine that this version hasn't.
 */
export function resumedOptions(stored: unknown, path: string, said: SaidAnew): RunOptions {
  const parsed = runOptionsSchema.safeParse(stored);
  if (!parsed.success) {
    throw new LlmbenchError(
      "input",
      `${path}: the run's options are incomplete; start a new run instead of --resume`,
    );
  }
  const { data } = parsed;
  const ownOf = ({ engine, own }: Pick<RunOptions, "engine" | "own">) => {
    const row = engineRow(engine);
    const anew = Object.entries(ownValues(row, said)).filter(([, value]) => value !== undefined);
    return { ...readOwnValues(row, own, path), ...Object.fromEntries(anew) };
  };
  return {
    ...data,
    own: ownOf(data),
    beside: data.beside.map((one) => ({ ...one, own: ownOf(one) })),
    timeoutSeconds: said.timeoutSeconds ?? data.timeoutSeconds,
  };
}
