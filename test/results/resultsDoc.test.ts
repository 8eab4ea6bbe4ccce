import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { reasonCodes, statuses } from "../../src/bench/statuses.ts";
import { warnings } from "../../src/bench/warnings.ts";
import { columnNames } from "../../src/results/columns/columns.ts";
import { journalKeyNames } from "../../src/results/journalKeys.ts";
import { journalLineSchema, runLineSchema } from "../../src/results/journalLines.ts";
import { launchLineSchema } from "../../src/results/launchLine.ts";
import { schemaVersion } from "../../src/results/schemaVersion.ts";
import { freshFolder } from "./folders.ts";

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

it("the tables of columns and readings are those that npm run results-doc makes", () => {
  const copy = join(freshFolder(), "results.md");
  writeFileSync(copy, doc.replaceAll(/(?<=^\| `\w+` +\|).*$/gm, " nothing |"));
  const script = fileURLToPath(new URL("../../scripts/results-doc.mjs", import.meta.url));
  execFileSync(process.execPath, [script, copy], { stdio: "pipe" });
  for (const name of ["columns", "readings"]) {
    const tableOf = (text: string) => text.split(new RegExp(`<!-- (?:end of )?${name} -->`))[1];
    expect(tableOf(readFileSync(copy, "utf8"))).toBe(tableOf(doc));
  }
});

it("every status, reason and warning is documented", () => {
  expect(table("status")).toEqual([...statuses]);
  const { does_not_fit: misfit, skipped, failed } = reasonCodes;
  expect(table("reason begins with")).toEqual([...misfit, ...skipped, ...failed]);
  expect(table("code")).toEqual(Object.keys(warnings));
});

it("every key that only the journal has is documented", () => {
  expect(table("key")).toEqual([...journalKeyNames]);
});

it("every key of a launch is documented, what was read of it in a table of its own", () => {
  const [, row = ""] = /^\| `launch_results` +\|(.*)\|$/m.exec(doc) ?? [];
  const told = table("reading").map((name) => `\`${name}\``);
  for (const name of Object.keys(launchLineSchema.shape))
    expect(`${row} ${told.join(" ")}`).toContain(`\`${name}\``);
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
