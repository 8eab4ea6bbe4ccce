import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFolder } from "../../src/base/packageFolder.ts";
import { loadMachines } from "../../src/machine/machineCatalogue.ts";
import { publishedCasesOf, publishedResults } from "../../src/predict/publishedResults.ts";
import { publishedRows } from "../../src/predict/publishedRows.ts";

it("a file of published rows has the name of the one machine that its rows are of", () => {
  const files = readdirSync(packageFolder("reports/reference")).filter((one) =>
    /\.csv$/u.test(one),
  );
  const names = new Set(publishedResults().map(({ machine }) => `${machine.name}.csv`));
  expect([...names].sort()).toEqual(files.sort());
});

it("a machine's own files say of it what all of them together say", () => {
  const all = publishedResults();
  for (const machine of loadMachines())
    expect(publishedRows(machine, publishedCasesOf(machine))).toEqual(publishedRows(machine, all));
});
