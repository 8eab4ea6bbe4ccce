import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LlmbenchError } from "../../src/errors.ts";
import { ScannedRecords, Unusual } from "../../src/results/csvRecords.ts";
import { ParsedRecords } from "../../src/results/parsedRecords.ts";
import type { CsvRecords } from "../../src/results/csvRecords.ts";

interface Read {
  readonly cells: readonly string[];
  readonly changed: readonly number[];
}

function all(records: CsvRecords): Read[] {
  const read: Read[] = [];
  while (records.next()) {
    const at = Array.from({ length: records.width }, (_, index) => index);
    read.push({
      cells: at.map((index) => records.cell(index)),
      changed: [...records.changed],
    });
  }
  return read;
}

const scanned = (text: string) => all(new ScannedRecords(text));
const parsed = (text: string) => all(new ParsedRecords(text, "results.csv"));
const cells = (text: string) => scanned(text).map((record) => record.cells);

describe("scanned records", () => {
  it.each([
    [
      "a,b\r\nc,d\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a,b\nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a,\r\n\r\n,d\r\n",
      [
        ["a", ""],
        ["", "d"],
      ],
    ],
    [
      '"a,""b""","c\r\nd"\r\n"",e\r\n',
      [
        ['a,"b"', "c\r\nd"],
        ["", "e"],
      ],
    ],
    ["", []],
    ["\r\n\n", []],
  ])("%j", (text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it("know which cells aren't those above", () => {
    expect(scanned("a,b,\na,bb,\n").map(({ changed }) => changed)).toEqual([[0, 1, 2], [1]]);
    expect(scanned('"a""",bb,c\n"a",b,c').map(({ changed }) => changed)).toEqual([
      [0, 1, 2],
      [0, 1],
    ]);
  });

  it.each(['a"b,c\n', '"a"b\n', '"a\n', "a\rb\n", "a,b\nc\n", '"a\n,b'])(
    "leave %j to the parser",
    (text) => {
      expect(() => scanned(text)).toThrow(Unusual);
    },
  );

  it("are those that the parser finds, or none", () => {
    const piece = fc.constantFrom("a", "b", ",", ",", '"', '""', "\n", " ", "é");
    let compared = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), fc.boolean(), (pieces, crlf) => {
        const text = pieces.join("").replaceAll("\n", crlf ? "\r\n" : "\n");
        try {
          const records = scanned(text);
          for (const [row, { cells: own, changed }] of records.entries()) {
            const same = own.map((cell, at) => cell === records[row - 1]?.cells[at]);
            expect(same.filter((kept, at) => !kept && !changed.includes(at))).toEqual([]);
          }
          expect(records.map((record) => record.cells)).toEqual(
            parsed(text).map((record) => record.cells),
          );
          compared += 1;
        } catch (error) {
          if (!(error instanceof Unusual)) throw error;
        }
      }),
      { numRuns: 3000, seed: 4180 },
    );
    expect(compared).toBeGreaterThan(500);
  });
});

describe("parsed records", () => {
  it("are refused as the parser says, with the file's name", () => {
    expect(() => parsed('"a\n')).toThrow(LlmbenchError);
    expect(() => parsed('"a\n')).toThrow(/^results\.csv: not a CSV: /);
  });

  it("know which cells aren't those above", () => {
    expect(parsed("a,b\ra,c\r").map(({ changed }) => changed)).toEqual([[0, 1], [1]]);
  });
});
