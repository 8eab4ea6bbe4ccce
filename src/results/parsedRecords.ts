/** The records of a CSV that isn't quite RFC 4180, as a parser reads them that knows what others write. */
import { lazyPackage } from "../base/lazyPackage.ts";
import { LlmbenchError } from "../errors.ts";
import type { CsvRecords } from "./csvRecords.ts";

const csv = lazyPackage("csv-parse/sync");

export class ParsedRecords implements CsvRecords {
  readonly #records: readonly (readonly string[])[];
  #at = -1;

  /**
   * @param place the file's name, for errors.
   * @throws LlmbenchError `input` where it is no CSV.
   */
  constructor(text: string, place: string) {
    try {
      // Programs for Windows that write CRLF in text mode end lines with two carriage returns.
      this.#records = csv().parse(text.replaceAll(/\r+\n/gu, "\r\n"), {
        skip_empty_lines: true,
        relax_column_count: false,
      });
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      throw new LlmbenchError("input", `${place}: not a CSV: ${cause}`, { cause: error });
    }
  }

  get width(): number {
    return this.#records[this.#at]?.length ?? 0;
  }

  next(): boolean {
    this.#at += 1;
    return this.#at < this.#records.length;
  }

  cell(index: number): string {
    return this.#records[this.#at]?.[index] ?? "";
  }

  get changed(): readonly number[] {
    const before = this.#records[this.#at - 1];
    const cells = this.#records[this.#at] ?? [];
    return [...cells.keys()].filter((index) => cells[index] !== before?.[index]);
  }
}
