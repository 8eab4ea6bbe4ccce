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
  const plain =
    whole === null ? recordsOfLines(readLines(text), source) : recordsOf(whole, [], source);
  if (texts === null) return plain;
  if (whole === null || !isSome(whole)) {
    const inTexts = recordsOfLines(readTexts(texts), source);
    if (isBetter(inTexts, plain)) return inTexts;
  }
  const beside = plain.records.length === 0 ? [] : rowsBeside(texts);
  return { ...plain, leftOut: [...plain.leftOut, ...beside] };
}

/** Lines of JSON may look like a table's where one stands in their strings: then some are no rows, or fewer are. */
function isBetter(inTexts: ForeignRecords, plain: ForeignRecords): boolean {
  const more = inTexts.records.length - plain.records.length;
  return more > 0 || (more === 0 && inTexts.leftOut.length <= plain.leftOut.length);
}

interface LinesRead {
  readonly found: Found;
  readonly lines: readonly Line[];
}

function recordsOfLines({ found, lines }: LinesRead, source: string): ForeignRecords {
  return recordsOf(found, lines, source);
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
  const headers = found.headers.map(({ tool, line }) => ({
    tool,
    line: Number(/^line (\d+)/u.exec(placeOf(line))?.[1]),
  }));
  const [rows, leftOut] = [found.rows.map(placed), found.leftOut.map(placed)];
  return { found: { rows, leftOut, headers }, lines };
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
