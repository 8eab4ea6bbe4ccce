/** What is wrong with a line of a journal. */
import type { z } from "zod";
import { describeIssues } from "../base/schemaIssues.ts";

/** What helps against most of them. */
export const withoutLine = "a copy without that line can be read";

/** Without the line's place. */
export class LineMismatch extends Error {
  override readonly name = "LineMismatch";
  readonly wayOut: string;

  constructor(message: string, wayOut = withoutLine) {
    super(message);
    this.wayOut = wayOut;
  }
}

/** @throws LineMismatch */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new LineMismatch(describeIssues(result.error, value, schema));
  return result.data;
}
