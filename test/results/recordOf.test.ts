import * as fc from "fast-check";
import { expect, it } from "vitest";
import { CaseReader } from "../../src/results/caseReader.ts";
import { readCsv } from "../../src/results/readCsv.ts";
import { recordOf, RecordMaker } from "../../src/results/recordOf.ts";
import { journalRowSchema, type JournalRow } from "../../src/results/row.ts";
import { toCsv } from "../../src/results/writeCsv.ts";
import { lineOf, measured, unmeasured } from "./journals.ts";
import { caseOf, tested } from "./rows.ts";

/** What rows of a sweep differ in. */
const changes: readonly Partial<JournalRow>[] = [
  {},
  tested({ n_prompt: 512 }),
  { quantization: "q8_0", model_size: 7_160_000_000, weights_bytes: 7_160_000_000 },
  { warnings: [] },
  { warnings: ["drift: slower by 3.1%", "tight"] },
  { machine: "rtx-4090-24gb", backend: "cuda" },
  { no_kv_offload: 1, n_ctx: 4352 },
  { fit: "partial", kv_bytes: null },
  unmeasured({ status: "failed", reason: "crashed: SIGSEGV" }),
];

const rows = changes.map((changed): JournalRow => Object.assign({}, measured, changed));

it("a row makes the record that it makes alone, whatever stands before it", () => {
  const order = fc.array(fc.constantFrom(...rows), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(order, (sequence) => {
      const alone = sequence.map((row) => recordOf(journalRowSchema.parse(row)));
      const reader = new CaseReader(journalRowSchema);
      const maker = new RecordMaker();
      const lines = sequence.map((row) => structuredClone(lineOf(row)));
      expect(lines.map((line) => maker.of(reader.look(line), reader.changed))).toEqual(alone);
      const fromCsv = sequence.map((row) => readCsv(toCsv([caseOf(row)]), "a").at(0));
      expect(readCsv(toCsv(sequence.map(caseOf)), "all")).toEqual(fromCsv);
    }),
    { numRuns: 50, seed: 97 },
  );
});

it("rows of a long file that take turns share what they have in common, and stay themselves", () => {
  const turns = Array.from({ length: 2000 }, (_, index) => rows[index % 4] ?? measured);
  const cases = readCsv(toCsv(turns.map(caseOf)), "long");
  const [first, , third] = cases.slice(-4);
  const [sameAsFirst, , sameAsThird] = cases.slice(-8, -4);
  expect(first?.model).toBe(sameAsFirst?.model);
  expect(third?.memory).toBe(sameAsThird?.memory);
  expect(third?.model).not.toEqual(first?.model);
  for (const [at, record] of cases.entries()) {
    const { model, workload } = caseOf(turns[at] ?? measured);
    expect([record.model, record.workload]).toEqual([model, workload]);
  }
});
