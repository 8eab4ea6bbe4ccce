import * as fc from "fast-check";
import { expect, it } from "vitest";
import { CaseReader } from "../../src/results/caseReader.ts";
import { columnNames } from "../../src/results/columns/columns.ts";
import { LineMismatch } from "../../src/results/lineMismatch.ts";
import { journalRowSchema, type ReadRow } from "../../src/results/row.ts";
import { measured, unmeasured } from "./journals.ts";

const schema = journalRowSchema;

function outcomeOf(read: () => ReadRow): ReadRow | "refused" {
  try {
    return read();
  } catch (error) {
    if (error instanceof LineMismatch) return "refused";
    throw error;
  }
}

it("a row is read as strictly after another as alone", () => {
  const keys = [...columnNames, "samples_ns", "launch_results", "buffers", "stderr_tail"];
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      undefined,
      null,
      "",
      "measured",
      "full",
      0,
      0.5,
      -1,
      2 ** 53,
      Infinity,
      [],
      [1],
    ),
  );
  const changes = fc.dictionary(fc.constantFrom(...keys, "unknown_key"), value, { maxKeys: 3 });
  fc.assert(
    fc.property(changes, (changed) => {
      const row = { ...measured, ...changed };
      const alone = outcomeOf(() => new CaseReader(schema).read(row));
      const reader = new CaseReader(schema);
      reader.read(unmeasured({ status: "failed" }));
      expect(outcomeOf(() => reader.read(row))).toEqual(alone);
    }),
    { numRuns: 300, seed: 100_000 },
  );
});

it("a row shares the texts of the one before, and leaves that one as it was", () => {
  const reader = new CaseReader(schema);
  const read = schema.parse(measured);
  const first = reader.read(structuredClone(measured));
  const second = reader.read({ ...structuredClone(measured), machine: "other" });
  expect(first).toEqual(read);
  expect(second).toEqual({ ...read, machine: "other" });
  expect(Object.keys(second)).toEqual(Object.keys(first));
});
