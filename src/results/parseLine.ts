/** One line of the journal, checked. */
import { showValue } from "../base/showValue.ts";
import type { CaseRecord } from "../bench/record.ts";
import { launchOf } from "./launchLine.ts";
import { partialCaseSchema, resumeLineSchema, runLineSchema } from "./journalLines.ts";
import type { PartialCase, ResumeLine, RunLine } from "./journalLines.ts";
import { checked, LineMismatch } from "./lineMismatch.ts";
import { schemaVersion } from "./schemaVersion.ts";

export type ParsedLine =
  | RunLine
  | PartialCase
  | ResumeLine
  | { readonly type: "case"; readonly result: CaseRecord }
  /** A line that says what it is, in a word that this llmbench doesn't know: a later one wrote it. */
  | { readonly type: "unknown"; readonly name: string };

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
      "read it with the llmbench that wrote it",
    );
  return checked(runLineSchema, value);
}

function partialCase(value: object): PartialCase {
  const { result, ...line } = checked(partialCaseSchema, value);
  return { ...line, result: { id: result.case_id, launches: result.launch_results.map(launchOf) } };
}

/**
 * Keys that the schemas don't know are left out: a later version's file is a file of ours too.
 * @param readCase checks what is wanted of a case line.
 * @throws LineMismatch
 */
export function parseLine(text: string, readCase: (value: object) => CaseRecord): ParsedLine {
  const value = json(text);
  if (!isTyped(value)) throw new LineMismatch("not a line of a journal: it has no type");
  switch (value.type) {
    case "case":
      return { type: "case", result: readCase(value) };
    case "launch":
      return partialCase(value);
    case "resume":
      return checked(resumeLineSchema, value);
    case "run":
      return runLine(value);
    default:
      return { type: "unknown", name: value.type };
  }
}
