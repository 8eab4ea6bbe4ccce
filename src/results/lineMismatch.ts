/** What is wrong with a line of a journal. */
import type { z } from "zod";
import { describeIssues } from "../base/schemaIssues.ts";

/** Without the line's place. */
export class LineMismatch extends Error {
  override readonly name = "LineMismatch";
}

/** @throws LineMismatch */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new LineMismatch(describeIssues(result.error, value, schema));
  return result.data;
}
