/** Rows of one HTML table while it is read: a cell may reach over several columns, and down into the rows below. */

/** Text, and the line of the whole on which it begins. */
export interface Piece {
  readonly line: number;
  readonly text: string;
}

interface Cell {
  readonly pieces: Piece[];
  readonly columns: number;
  readonly rows: number;
}

export interface GridRow {
  /** Of the text, where it begins. */
  readonly line: number;
  readonly cells: readonly string[];
  /** What was said in the row itself, cell by cell. */
  readonly own: readonly (readonly Piece[])[];
}

/** HTML's own bounds are 1000 columns and 65534 rows; no benchmark's table has as many. */
const mostColumns = 100;
const mostRows = 65_534;

export class TableGrid {
  #line = 0;
  #cells: Cell[] | null = null;
  /** By column: what stands there from above, and in how many more rows. */
  #above = new Map<number, { readonly text: string; left: number }>();

  /** @param line of the text */
  beginRow(line: number): void {
    this.#line = line;
    this.#cells = [];
  }

  beginCell(attributes: Readonly<Record<string, string>>): void {
    this.#cells?.push({
      pieces: [],
      columns: span(attributes["colspan"], mostColumns),
      rows: span(attributes["rowspan"], mostRows),
    });
  }

  /** Text between cells is none. */
  add(piece: Piece): void {
    this.#cells?.at(-1)?.pieces.push(piece);
  }

  /** Null where none was begun. */
  endRow(): GridRow | null {
    const own = this.#cells;
    this.#cells = null;
    if (own === null || own.length === 0) return null;
    const cells: string[] = [];
    for (const cell of own) {
      this.#takeFromAbove(cells);
      const text = textOf(cell.pieces);
      for (let at = 0; at < cell.columns; at++) {
        if (cell.rows > 1) this.#above.set(cells.length, { text, left: cell.rows - 1 });
        cells.push(text);
      }
    }
    this.#takeFromAbove(cells);
    return { line: this.#line, cells, own: own.map(({ pieces }) => pieces) };
  }

  #takeFromAbove(cells: string[]): void {
    for (let above = this.#above.get(cells.length); above !== undefined;) {
      above.left -= 1;
      if (above.left === 0) this.#above.delete(cells.length);
      cells.push(above.text);
      above = this.#above.get(cells.length);
    }
  }
}

export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

function span(text: string | undefined, most: number): number {
  const number = Number(text ?? 1);
  return Number.isInteger(number) && number >= 1 ? Math.min(number, most) : 1;
}
