/** Measures what is due of a run, engine by engine, each with the machine to itself. */
import { Meters } from "../meters/meters.ts";
import type { OnEvent } from "./events.ts";
import { Measuring } from "./measuring.ts";
import type { PreparedRun } from "./prepareRun.ts";
import type { MeasuredLaunch, RunJournal } from "./runJournal.ts";

interface Under {
  readonly journal: RunJournal;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/** Yields each case's record as it is known. @throws {Interrupted} */
export async function* measureParts(
  run: PreparedRun,
  { journal, onEvent, signal }: Under,
): AsyncGenerator<MeasuredLaunch> {
  const meters = new Meters((text) => onEvent({ type: "warning", text }));
  for (const part of run.parts) {
    for (const other of run.parts) if (other !== part) await other.engine.rest?.();
    const measuring = new Measuring({ run, part, journal, meters, onEvent, signal });
    for (const pass of part.passes) yield* measuring.pass(pass);
  }
}
