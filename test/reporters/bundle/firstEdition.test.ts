import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { hasThisLayout } from "../../../src/reporters/reportLayout.ts";
import { writeReports } from "../../../src/reporters/writeReports.ts";
import { firstEdition } from "../../../src/results/columns/firstEdition.ts";
import { freshFolder } from "../../results/folders.ts";
import { firstEditionBundle, unpacked } from "./bundles.ts";

/** What version 0.1.0 made of a journal, and what is made of the same journal now. */
async function thenAndNow(): Promise<(name: string) => readonly [string, string]> {
  const files = unpacked(firstEditionBundle);
  const folder = freshFolder();
  writeFileSync(join(folder, "results.jsonl"), files["results.jsonl"] ?? "");
  await writeReports(folder);
  return (name) => [
    Buffer.from(files[name] ?? []).toString("utf8"),
    readFileSync(join(folder, name), "utf8"),
  ];
}

it("the report of a journal of the first edition has the same value in every column of that time", async () => {
  const [then, now] = (await thenAndNow())("results.csv").map((text) =>
    parse(text, { columns: false }),
  );
  const shared = now?.map((cells) => cells.slice(0, firstEdition.length));
  expect(then?.length).toBeGreaterThan(14);
  expect(shared).toEqual(then);
});

it.each(["report.md", "report.html"])(
  "its %s has another layout than today's, which says so, and the same speeds",
  async (name) => {
    const [then, now] = (await thenAndNow())(name);
    expect([then, now].map((text) => hasThisLayout(Buffer.from(text)))).toEqual([false, true]);
    const speeds = new Set(then.match(/\d+\.\d\d ± \d+\.\d\d/g));
    expect(speeds.size).toBeGreaterThan(3);
    for (const speed of speeds) expect(now).toContain(speed);
  },
);
