/** A foreign text, or a database, as records in llama-bench's words, and the rows that are none. */
import { databaseRows } from "./containers/database.ts";
import { rowsOf } from "./containers/containers.ts";
import { wholeJson } from "./containers/json.ts";
import type { LeftOutRow } from "./foreignRows.ts";
import { RowRefused, type Found, type FoundRow } from "./found.ts";
import { withHtmlTables } from "./htmlTables.ts";
import { cleanLines, type Line } from "./lines.ts";
import { aroundRows, type Around } from "./runs.ts";
import { Scan } from "./scan.ts";
import { surroundingsIn } from "./surroundings.ts";
import type { ForeignRecord } from "./tools/tool.ts";
import { tools } from "./tools/tools.ts";
import type { ToolName } from "./toolNames.ts";

export interface ToldRecord extends ForeignRecord {
  readonly row: FoundRow;
  /** Rows of one run of the program have the same; null where the text doesn't tell. */
  readonly invocation: number | null;
}

export interface ForeignRecords {
  readonly records: readonly ToldRecord[];
  readonly leftOut: readonly LeftOutRow[];
  /** Whose columns stand in the text, rows or not. */
  readonly headers: readonly { readonly tool: ToolName; readonly line: number }[];
  /** A line in which a program says why it ended; null where none does. */
  readonly complaint: string | null;
}

/** What llama-bench's JSON is before its first test is over, and where none ever was. */
const emptyArray = /^\s*\[\s*\]?\s*$/u;
const nothingMeasured: ForeignRecords = {
  records: [],
  leftOut: [],
  headers: [{ tool: "llama-bench", line: 1 }],
  complaint: null,
};

export function recordsOfText(text: string, source: string): ForeignRecords {
  if (emptyArray.test(text)) return nothingMeasured;
  const whole = wholeJson(text, new Scan([]));
  if (whole !== null) return recordsOf(whole, [], source);
  const lines = cleanLines(withHtmlTables(text));
  return recordsOf(rowsOf(new Scan(lines, !/[\r\n]\s*$/u.test(text))), lines, source);
}

/** @throws UnreadableDatabase */
export function recordsOfDatabase(bytes: Buffer, source: string): ForeignRecords {
  return recordsOf(databaseRows(bytes, new Scan([])), [], source);
}

function recordsOf(found: Found, lines: readonly Line[], source: string): ForeignRecords {
  const around = aroundRows(found.rows, surroundingsIn(lines), source);
  const records: ToldRecord[] = [];
  const leftOut = [...found.leftOut];
  for (const row of found.rows) {
    try {
      records.push(...told(row, around.get(row)));
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      leftOut.push({ place: row.place, reason: error.message });
    }
  }
  const complaint = lines.find(({ text }) =>
    /\berror: |\berror loading|out of memory/iu.test(text),
  );
  return { records, leftOut, headers: found.headers, complaint: complaint?.text.trim() ?? null };
}

function told(row: FoundRow, around: Around | undefined): ToldRecord[] {
  if (around === undefined) return [];
  const { invocation } = around;
  return tools[row.tool]
    .read(row, around)
    .map((record) => Object.assign({}, record, { row, invocation }));
}
