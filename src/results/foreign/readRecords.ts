/** A foreign text, or a database, as records in llama-bench's words, and the rows that are none. */
import { databaseRows } from "./containers/database.ts";
import { rowsOf } from "./containers/containers.ts";
import { wholeJson } from "./containers/json.ts";
import type { LeftOutRow } from "./foreignRows.ts";
import { RowRefused, type Found, type FoundRow } from "./found.ts";
import { withHtmlTables } from "./htmlTables.ts";
import { isWithinText, withJsonTexts, type Unfolded } from "./jsonTexts.ts";
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
  const texts = withJsonTexts(text);
  const whole = wholeJson(text, new Scan([]));
  const plain = whole === null ? readLines(text) : { found: whole, lines: [] };
  const inTexts = texts === null || (whole !== null && isSome(whole)) ? null : readTexts(texts);
  if (inTexts !== null && inTexts.found.rows.length > plain.found.rows.length)
    // Of JSON without rows of its own, and of lines of JSON that look like rows where one begins in their strings.
    return recordsOf(inTexts.found, inTexts.lines, source);
  const { found, lines } = plain;
  const beside = texts === null || found.rows.length === 0 ? [] : rowsBeside(texts);
  return recordsOf({ ...found, leftOut: [...found.leftOut, ...beside] }, lines, source);
}

interface LinesRead {
  readonly found: Found;
  readonly lines: readonly Line[];
}

function readLines(text: string): LinesRead {
  const lines = cleanLines(withHtmlTables(text, isOutput));
  return { found: rowsOf(new Scan(lines, !/[\r\n]\s*$/u.test(text))), lines };
}

/** What stands in the strings of JSON. */
function readTexts({ text, placeOf }: Unfolded): LinesRead {
  const { found, lines } = readLines(text);
  const placed = <One extends { readonly place: string }>(one: One): One => ({
    ...one,
    place: one.place.replace(/^line (\d+)$/u, (_, line) => placeOf(Number(line))),
  });
  const { rows, leftOut, headers } = found;
  return { found: { rows: rows.map(placed), leftOut: leftOut.map(placed), headers }, lines };
}

/** A program's own lines, kept beside its rows: whether they are the same rows nobody tells. */
function rowsBeside({ text, placeOf }: Unfolded): LeftOutRow[] {
  const within = cleanLines(text).filter(({ number }) => isWithinText(placeOf(number)));
  return rowsOf(new Scan(within)).rows.map(({ line }) => ({
    place: placeOf(line),
    reason: "it stands in a text beside the file's own rows; give that text as a file of its own",
  }));
}

function isOutput(text: string): boolean {
  return isSome(rowsOf(new Scan(cleanLines(text))));
}

function isSome({ rows, leftOut, headers }: Found): boolean {
  return rows.length + leftOut.length + headers.length > 0;
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
