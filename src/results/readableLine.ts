/** Nothing goes into a journal that its readers refuse: one such line would cost them all the others. */
import type { JournalLine } from "./journalLines.ts";
import { checked, LineMismatch } from "./lineMismatch.ts";
import { parseLine } from "./parseLine.ts";
import { recordOf } from "./recordOf.ts";
import { journalRowSchema } from "./row.ts";
import { RowMismatch } from "./rowMismatch.ts";

/** A result that no reader would take, which is none. */
export class UnreadableResult extends Error {
  override readonly name = "UnreadableResult";
}

/**
 * As it will be read. What says what was planned is no result, and as long as the sweep is.
 * @throws UnreadableResult
 */
export function checkReadable(type: JournalLine["type"], text: string): void {
  if (type !== "case" && type !== "launch") return;
  try {
    parseLine(text, (value) => recordOf(checked(journalRowSchema, value)));
  } catch (error) {
    if (!(error instanceof LineMismatch || error instanceof RowMismatch)) throw error;
    throw new UnreadableResult(`it gave a result that can't be one: ${error.message}`, {
      cause: error,
    });
  }
}
