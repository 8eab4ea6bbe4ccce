/** llama-bench's own output as rows of ours: `-o csv`, `-o json`, `-o jsonl` and the Markdown table. */
import { lazyPackage } from "../base/lazyPackage.ts";
import { LlmbenchError } from "../errors.ts";
import type { CaseRow } from "./caseResult.ts";
import { markdownRecords } from "./importMarkdown.ts";
import { benchRecordSchema } from "./importRecord.ts";
import { rowOf } from "./importRow.ts";
import type { ImportContext } from "./importRow.ts";

type RawRecords = readonly unknown[];

const csv = lazyPackage("csv-parse/sync");

/** Columns that every llama-bench since 2023 prints, and no file of ours has together. */
const isCsvHeader = (line: string) => /\bmodel_type\b/.test(line) && /\bbuild_number\b/.test(line);

/** Readers by format; each answers null where the text isn't of its kind. Logs around a table do no harm. */
const formats = {
  json: (text: string): RawRecords | null => {
    if (!text.trimStart().startsWith("[")) return null;
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  },
  jsonl: (text: string): RawRecords | null => {
    const lines = text.split(/\r?\n/).filter((line) => line.startsWith("{"));
    return lines.length === 0 ? null : lines.map((line) => JSON.parse(line) as unknown);
  },
  csv: (text: string): RawRecords | null => {
    const lines = text.split(/\r?\n/);
    const header = lines.findIndex((line) => isCsvHeader(line));
    if (header === -1) return null;
    return csv().parse(lines.slice(header).join("\n"), {
      columns: true,
      bom: true,
      skip_empty_lines: true,
    });
  },
  md: (text: string): RawRecords | null => {
    const records = markdownRecords(text);
    return records.length === 0 ? null : records;
  },
} as const;

export const llamaBenchFormats = Object.keys(formats) as readonly (keyof typeof formats)[];

/**
 * Rows of the first format that fits the text; null where none does.
 *
 * @param place the file's name, for errors.
 * @throws LlmbenchError `input` where it is llama-bench's and a record lacks what makes it one.
 */
export function importLlamaBench(
  text: string,
  place: string,
  context: ImportContext,
): CaseRow[] | null {
  for (const format of llamaBenchFormats) {
    const records = read(format, text, place);
    if (records?.some((record) => isBench(record))) {
      return records.map((record, index) => rowOf(checked(record, index, place), index, context));
    }
  }
  return null;
}

function read(format: keyof typeof formats, text: string, place: string): RawRecords | null {
  try {
    return formats[format](text);
  } catch (error) {
    // A table or a CSV that merely begins with a bracket is left to the formats that follow.
    if (!text.includes('"model_type"')) return null;
    const cause = error instanceof Error ? error.message : String(error);
    throw new LlmbenchError(
      "input",
      `${place}: cut off or damaged ${format} of llama-bench (${cause}); run it again`,
      {
        cause: error,
      },
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
  const issue = result.error.issues[0];
  const field = issue?.path.join(".") ?? "record";
  throw new LlmbenchError(
    "input",
    `${place}: record ${index + 1}: ${field}: ${issue?.message ?? "not llama-bench's"}`,
  );
}
