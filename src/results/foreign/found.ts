/** What the containers of a text hold: rows by the names of their columns, and rows that can't be read. */
import type { LeftOutRow } from "./foreignRows.ts";
import type { ToolName } from "./toolNames.ts";

/** Texts, or JSON's values, by the names that the file has for them. */
export type Fields = Readonly<Record<string, unknown>>;

export interface FoundRow {
  readonly tool: ToolName;
  readonly fields: Fields;
  /** `line 12`, `record 3`. */
  readonly place: string;
  /** Of the text, from 1; 0 where there are no lines around it. */
  readonly line: number;
  /** Rows of one output have the same; null where the text doesn't tell where one ends. */
  readonly output: number | null;
  /** The objects that a row of JSON stands in, innermost first. */
  readonly outer: readonly Fields[];
}

/** The beginning of a table: its columns stand there, whether rows follow or not. */
export interface Header {
  readonly tool: ToolName;
  readonly line: number;
}

export interface Found {
  readonly rows: FoundRow[];
  readonly leftOut: LeftOutRow[];
  readonly headers: Header[];
}

export function nothingFound(): Found {
  return { rows: [], leftOut: [], headers: [] };
}

/** A row that its tool can't read, in words for the user. */
export class RowRefused extends Error {
  override readonly name = "RowRefused";
}

/** Rows of one text: 100,000 take a gigabyte, and no benchmark prints more. */
export const mostRows = 200_000;

/** A text of more rows than memory would hold. */
export class TooManyRows extends Error {
  override readonly name = "TooManyRows";

  constructor() {
    super(`more than ${mostRows} rows; split the file, or keep the rows that are to be compared`);
  }
}
