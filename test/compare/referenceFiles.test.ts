import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { isMeasured } from "../../src/bench/record.ts";
import { reasonCell } from "../../src/results/codes.ts";
import { importResults } from "../../src/results/importResults.ts";

const folder = fileURLToPath(new URL("../../reports/reference/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".csv"));

describe("the published figures", () => {
  it("hold the machines that the question is about", () => {
    const asked =
      "m3-max-40c-48gb m3-max-40c-64gb m2-ultra-76c-192gb rtx-4090-24gb 2x-rtx-4090-24gb rtx-3090-24gb rtx-4080-16gb";
    expect(files).toEqual(expect.arrayContaining(asked.split(" ").map((name) => `${name}.csv`)));
  });

  it.each(files)(
    "of %s are one machine's, read as results of ours, and say where each is from",
    async (file) => {
      const { cases } = await importResults(`${folder}${file}`, []);
      expect(new Set(cases.map(({ machine }) => `${machine.name}.csv`))).toEqual(new Set([file]));
      const records = parse(readFileSync(`${folder}${file}`), { columns: true }) as {
        source: string;
      }[];
      expect(records.filter(({ source }) => source === "")).toEqual([]);
      for (const record of cases) {
        expect(isMeasured(record) ? record.summary.mean : reasonCell(record)).not.toBeNull();
      }
    },
  );
});
