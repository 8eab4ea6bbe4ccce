/** llama-bench's own output as cases of ours: `-o csv`, `-o json`, `-o jsonl` and the Markdown table. */
import { lazyPackage } from "../base/lazyPackage.ts";
import { describeIssues } from "../base/schemaIssues.ts";
import { LlmbenchError } from "../errors.ts";
import { markdownRecords } from "./importMarkdown.ts";
import { benchRecordSchema } from "./importRecord.ts";
import { caseOf, type ImportContext } from "./importCase.ts";
import type { ToldCase } from "./runsOfRows.ts";

type RawRecords = readonly unknown[];

const csv = lazyPackage("csv-parse/sync");

/** Columns that every llama-bench since 2023 prints, and no file of ours has together. */
const isCsvHeader = (line: string) => /\bmodel_type\b/.test(line) && /\bbuild_number\b/.test(line);

/** Where llama-bench's array begins; what a log has in brackets isn't followed by a brace. */
const arrayStart = /^[ \t]*\[(?=\s*\{)/m;

/** Each record of JSON has it once, and nothing else does: within a text its quotes would be escaped. */
const recordMark = /"model_type"\s*:/g;

/** Readers by format; each answers null where the text isn't of its kind. Logs around a table do no harm. */
const formats = {
  json: (text: string): RawRecords | null => {
    const start = text.search(arrayStart);
    if (start === -1) return null;
    const parsed: unknown = JSON.parse(text.slice(start, text.lastIndexOf("]") + 1));
    return Array.isArray(parsed) ? allOf(text, parsed) : null;
  },
  jsonl: (text: string): RawRecords | null => {
    // Files put together may have a byte order mark in their midst, which counts as a blank.
    const lines = text.split(/\r?\n/).filter((line) => line.trimStart().startsWith("{"));
    if (lines.length === 0) return null;
    const records = lines.map((line) => JSON.parse(line.trimStart()) as unknown);
    return allOf(text, records);
  },
  csv: (text: string): RawRecords | null => {
    const lines = text.split(/\r?\n/);
    const header = lines.findIndex((line) => isCsvHeader(line));
    if (header === -1) return null;
    return csv().parse(lines.slice(header).join("\n"), { columns: true, skip_empty_lines: true });
  },
  md: (text: string): RawRecords | null => {
    const records = markdownRecords(text);
    return records.length === 0 ? null : records;
  },
} as const;

/** Throws where the text has more: none is left out in silence. */
function allOf(text: string, records: RawRecords): RawRecords {
  const there = text.match(recordMark)?.length ?? 0;
  if (there <= records.length) return records;
  throw new Error(`${records.length} of its ${there} records can be read`);
}

export const llamaBenchFormats = Object.keys(formats) as readonly (keyof typeof formats)[];

/**
 * Cases of the first format that fits the text; null where none does.
 *
 * @param place the file's name, for errors.
 * @throws LlmbenchError `input` where it is llama-bench's and a record lacks what makes it one.
 */
export function importLlamaBench(
  text: string,
  place: string,
  context: ImportContext,
): ToldCase[] | null {
  for (const format of llamaBenchFormats) {
    const records = read(format, text, place);
    if (records?.some((record) => isBench(record))) {
      return records.map((raw, index) => {
        const record = checked(raw, index, place);
        return { record: caseOf(record, index, context), invocation: record.invocation ?? null };
      });
    }
  }
  return null;
}

function read(format: keyof typeof formats, text: string, place: string): RawRecords | null {
  try {
    return formats[format](text);
  } catch (error) {
    // A table or a CSV below something in brackets is left to the formats that follow.
    if (format !== "csv" && text.search(recordMark) === -1) return null;
    const cause = error instanceof Error ? error.message : String(error);
    throw new LlmbenchError(
      "input",
      `${place}: cut off or damaged ${format} of llama-bench (${cause}); run it again`,
      { cause: error },
    );
  }
}

function isBench(record: unknown): boolean {
  return (
    typeof record === "object" &&
    record !== null &&
    "model_type" in record &&
    "avg_ts" in record &&
    !("case_id" in record)
  );
}

function checked(record: unknown, index: number, place: string) {
  const result = benchRecordSchema.safeParse(record);
  if (result.success) return result.data;
  const issues = describeIssues(result.error, record, benchRecordSchema);
  throw new LlmbenchError("input", `${place}: record ${index + 1}: ${issues}`);
}
