/** One line of the journal, checked. */
import type { z } from "zod";
import { describeIssues, showValue } from "../base/schemaIssues.ts";
import { schemaVersion } from "./caseResult.ts";
import { launchLineSchema, resumeLineSchema, runLineSchema } from "./journalLines.ts";
import type { LaunchLine, ResumeLine, RunLine } from "./journalLines.ts";

export type ParsedLine<Case> =
  | RunLine
  | LaunchLine
  | ResumeLine
  | { readonly type: "case"; readonly result: Case }
  /** A line that says what it is, in a word that this llmbench doesn't know: a later one wrote it. */
  | { readonly type: "unknown"; readonly name: string };

/** What is wrong with a line, without its place. */
export class LineMismatch extends Error {
  override readonly name = "LineMismatch";
}

/** @throws LineMismatch */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new LineMismatch(describeIssues(result.error, value, schema));
  return result.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LineMismatch("not JSON");
  }
}

interface Typed {
  readonly type: string;
}

function isTyped(value: unknown): value is Typed {
  return (
    typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
  );
}

function runLine(value: object): RunLine {
  const version: unknown = "schema_version" in value ? value.schema_version : undefined;
  if (version !== schemaVersion)
    throw new LineMismatch(
      `written by schema version ${showValue(version)}, this llmbench reads ${schemaVersion}`,
    );
  return checked(runLineSchema, value);
}

/**
 * Keys that the schemas don't know are left out: a later version's file is a file of ours too.
 * @param readCase checks what is wanted of a case line.
 * @throws LineMismatch
 */
export function parseLine<Case>(text: string, readCase: (value: object) => Case): ParsedLine<Case> {
  const value = json(text);
  if (!isTyped(value)) throw new LineMismatch("not a line of a journal: it has no type");
  switch (value.type) {
    case "case":
      return { type: "case", result: readCase(value) };
    case "launch":
      return checked(launchLineSchema, value);
    case "resume":
      return checked(resumeLineSchema, value);
    case "run":
      return runLine(value);
    default:
      return { type: "unknown", name: value.type };
  }
}
