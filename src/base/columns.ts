/** Text in columns, for a terminal: as wide as its cells where there is room for that, else narrower by and by. */
import { wrapped } from "./wrap.ts";

export type Alignment = "left" | "right";

export interface TextColumn {
  readonly heading: string;
  /** Left where it isn't said. */
  readonly align?: Alignment;
  /** Names its row, and stands above the other cells where they are stacked; the first column always does. */
  readonly names?: true;
  /** Is left out where there is no room for it, the highest number first, and said to be. */
  readonly spare?: number;
}

type Row = readonly string[];

interface Table {
  readonly columns: readonly TextColumn[];
  readonly rows: readonly Row[];
}

const gap = "  ";

/** A row of more lines is no row for the eye. */
const mostLines = 4;

/**
 * Rows of cells under a header, no line wider than `width` characters: where the columns don't fit as they are, what is the
 * same in all rows is said once above them; then headings are broken, spare columns left out, cells broken; and where all
 * that is not enough each row is a few lines of its own.
 */
export function inColumns(
  columns: readonly TextColumn[],
  rows: readonly Row[],
  width = Infinity,
): string {
  const whole: Table = { columns, rows };
  const natural = columns.map((_, at) => widestCell(whole, at));
  if (total(natural) <= width) return laidOut(whole, natural);
  const { table, said } = withoutSame(whole);
  const above = said === "" ? [] : [wrapped(said, width)];
  for (const { kept, left } of withoutSpares(table)) {
    const widths = kept.columns.map(({ heading }, at) =>
      Math.max(longestWord(heading), widestCell({ ...kept, columns: [] }, at)),
    );
    if (total(widths) <= width)
      return [...above, laidOut(kept, widths), ...leftOut(left, width)].join("\n");
  }
  const narrowest = withoutSpares(table).at(-1) ?? { kept: table, left: [] };
  const widths = shrunk(narrowest.kept, width);
  return widths === null
    ? stacked(whole, width)
    : [...above, laidOut(narrowest.kept, widths), ...leftOut(narrowest.left, width)].join("\n");
}

function widestCell({ columns, rows }: Table, at: number): number {
  return Math.max(columns[at]?.heading.length ?? 0, ...rows.map((row) => cellOf(row, at).length));
}

function cellOf(row: Row, at: number): string {
  return row[at] ?? "";
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
}

function longestWord(text: string): number {
  return Math.max(...text.split(" ").map((word) => word.length));
}

/** Rows may be several lines high, where their cells are broken. */
function laidOut({ columns, rows }: Table, widths: readonly number[]): string {
  const header = columns.map(({ heading }) => heading);
  return [header, ...rows].flatMap((row) => linesOf(row, columns, widths)).join("\n");
}

function linesOf(row: Row, columns: readonly TextColumn[], widths: readonly number[]): string[] {
  const cells = widths.map((width, at) => {
    const cell = cellOf(row, at);
    return cell.length <= width ? [cell] : wrapped(cell, width).split("\n");
  });
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, at) => {
        const text = cells[at]?.[line] ?? "";
        return columns[at]?.align === "right" ? text.padStart(width) : text.padEnd(width);
      })
      .join(gap)
      .trimEnd(),
  );
}

/** What all rows share needs no column; what names a row keeps its own. */
function withoutSame({ columns, rows }: Table): { readonly table: Table; readonly said: string } {
  const [first, ...others] = rows;
  if (first === undefined || others.length === 0) return { table: { columns, rows }, said: "" };
  const isSame = columns.map(
    ({ names }, at) =>
      at > 0 && names !== true && others.every((row) => cellOf(row, at) === cellOf(first, at)),
  );
  const shared = columns.flatMap(({ heading }, at) =>
    isSame[at] === true && cellOf(first, at) !== "" ? [`${heading} ${cellOf(first, at)}`] : [],
  );
  return {
    table: picked({ columns, rows }, (at) => isSame[at] !== true),
    said: shared.length === 0 ? "" : `in all rows: ${shared.join(", ")}`,
  };
}

function picked({ columns, rows }: Table, isKept: (at: number) => boolean): Table {
  return {
    columns: columns.filter((_, at) => isKept(at)),
    rows: rows.map((row) => columns.flatMap((_, at) => (isKept(at) ? [cellOf(row, at)] : []))),
  };
}

interface Narrower {
  readonly kept: Table;
  /** Headings of what is left out. */
  readonly left: readonly string[];
}

/** The whole table first, then with a spare column less each time. */
function withoutSpares(table: Table): Narrower[] {
  const spares = table.columns
    .flatMap(({ heading, spare }, at) => (spare === undefined ? [] : [{ heading, spare, at }]))
    .toSorted((a, b) => b.spare - a.spare);
  return Array.from({ length: spares.length + 1 }, (_, count) => {
    const left = spares.slice(0, count);
    const gone = new Set(left.map(({ at }) => at));
    return {
      kept: picked(table, (at) => !gone.has(at)),
      left: left.toSorted((a, b) => a.at - b.at).map(({ heading }) => heading),
    };
  });
}

function leftOut(headings: readonly string[], width: number): string[] {
  if (headings.length === 0) return [];
  return [wrapped(`for want of width without: ${headings.join(", ")}`, width)];
}

/** Widths that break cells between words alone; null where words are too long, or rows would be too high. */
function shrunk({ columns, rows }: Table, width: number): number[] | null {
  const header = columns.map(({ heading }) => heading);
  // Numbers stay whole, with their units.
  const least = columns.map(({ align, heading }, at) =>
    align === "right"
      ? Math.max(longestWord(heading), ...rows.map((row) => cellOf(row, at).length))
      : Math.max(...[header, ...rows].map((row) => longestWord(cellOf(row, at)))),
  );
  const widths = columns.map((_, at) => widestCell({ columns, rows }, at));
  while (total(widths) > width) {
    const room = widths.map((own, at) => (own > (least[at] ?? 0) ? own : 0));
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) === 0) return null;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  const lines = rows.map((row) => linesOf(row, columns, widths).length);
  return Math.max(0, ...lines) > mostLines ? null : widths;
}

function isName(column: TextColumn, at: number): boolean {
  return at === 0 || column.names === true;
}

/** A row after the other: what names it, and below it each other cell behind its heading. */
function stacked({ columns, rows }: Table, width: number): string {
  return rows
    .flatMap((row) => {
      const cells = columns.map((column, at) => ({ column, at, cell: cellOf(row, at) }));
      const told = cells.filter(({ cell }) => cell !== "");
      const names = told.filter(({ column, at }) => isName(column, at)).map(({ cell }) => cell);
      const others = told
        .filter(({ column, at }) => !isName(column, at))
        .map(({ column, cell }) => `${column.heading} ${cell}`.trim());
      return [
        wrapped(names.join(" "), width),
        ...(others.length === 0 ? [] : [wrapped(`  ${others.join("; ")}`, width)]),
      ];
    })
    .join("\n");
}
