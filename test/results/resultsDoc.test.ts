import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  caseResultSchema,
  columnNames,
  reasonCodes,
  schemaVersion,
  statuses,
} from "../../src/results/caseResult.ts";
import { journalLineSchema, runLineSchema } from "../../src/results/journalLines.ts";
import { warnings } from "../../src/results/warnings.ts";

const doc = readFileSync(new URL("../../docs/results.md", import.meta.url), "utf8");

/** First cells of the table under a heading like this, without the code marks. */
function table(heading: string): string[] {
  const [, after = ""] = doc.split(new RegExp(String.raw`^\| ${heading} +\|`, "m"));
  const [rows = ""] = after.split("\n\n");
  return [...rows.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = ""]) => name);
}

it("the CSV's columns are documented, each and in order", () => {
  expect(table("column")).toEqual([...columnNames]);
});

it("every status, reason and warning is documented", () => {
  expect(table("status")).toEqual([...statuses]);
  expect(table("reason begins with")).toEqual([...reasonCodes]);
  expect(table("code")).toEqual(Object.keys(warnings));
});

it("every key that only the journal has is documented", () => {
  const isColumn = new Set<string>(columnNames);
  const journalOnly = Object.keys(caseResultSchema.shape).filter((key) => !isColumn.has(key));
  expect(table("key")).toEqual(journalOnly);
});

it("every type of line, and every key of the run's line, is documented", () => {
  const [, journal = ""] = doc.split("## The journal");
  const types = journalLineSchema.options.map((option) => option.shape.type.value);
  for (const name of [
    ...types,
    ...Object.keys(runLineSchema.shape).filter((key) => key !== "type"),
  ])
    expect(journal).toContain(`\`${name}\``);
});

it("the schema's version is the one that is documented", () => {
  expect(doc).toContain(`\`schema_version\` (now ${schemaVersion})`);
});
