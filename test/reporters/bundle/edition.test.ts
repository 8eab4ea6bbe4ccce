import { describe, expect, it } from "vitest";
import { editionOf } from "../../../src/reporters/bundle/edition.ts";
import { columnNames } from "../../../src/results/columns/columns.ts";
import { firstEdition } from "../../../src/results/columns/firstEdition.ts";

const csvOf = (names: readonly string[]) => Buffer.from(`${names.join(",")}\r\n1,2,3\r\n`);

describe("the edition of a bundle's CSV", () => {
  it("is the columns of its header, whichever later ones there were by then", () => {
    for (const count of [firstEdition.length, firstEdition.length + 5, columnNames.length]) {
      const names = columnNames.slice(0, count);
      expect(editionOf(csvOf(names))).toEqual(names);
    }
  });

  it("is today's where the header never was one", () => {
    expect(editionOf(csvOf(firstEdition.slice(1)))).toBe(columnNames);
    expect(editionOf(csvOf(firstEdition.slice(0, -1)))).toBe(columnNames);
    expect(editionOf(csvOf([...columnNames, "more"]))).toBe(columnNames);
    expect(editionOf(undefined)).toBe(columnNames);
  });
});
