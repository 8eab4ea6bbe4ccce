import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CaseReader } from "../../src/results/caseReader.ts";
import { journalKeyNames } from "../../src/results/journalKeys.ts";
import { linePartsOf } from "../../src/results/lineParts.ts";
import { readResults } from "../../src/results/readResults.ts";
import { recordOf } from "../../src/results/recordOf.ts";
import {
  comparedRowSchema,
  journalRowSchema,
  lineColumnNames,
  reportedRowSchema,
  type ReadRow,
} from "../../src/results/row.ts";
import { freshFolder } from "./folders.ts";
import { lineOf, measured, unmeasured } from "./journals.ts";

type Line = Record<string, unknown>;

const launch = { launch: 1, load_ms: 5, warmup_ns: [1], samples_ns: [1e9], memory: undefined };
const line: Line = { ...lineOf(measured), launch_results: [launch], stderr_tail: ["x"] };
const unread = ["samples_ns", "warmup_ns", "launch_results", "buffers"];

const schemas = {
  figures: reportedRowSchema,
  samples: comparedRowSchema,
  whole: journalRowSchema,
};

async function casesOf(...texts: string[]) {
  const path = join(freshFolder(), "results.jsonl");
  writeFileSync(path, texts.map((text) => `${text}\n`).join(""));
  return (await readResults(path, "figures")).cases;
}

describe.each(Object.entries(schemas))("the parts of a case's line, for %s", (_, schema) => {
  const parts = linePartsOf(schema);

  it("are all keys that a line has, in its order", () => {
    expect(parts.flatMap(({ names }) => names)).toEqual([...lineColumnNames, ...journalKeyNames]);
  });

  it("have too few keys each for an object that V8 parses slowly, whatever is added", () => {
    for (const { names } of parts) expect(names.length).toBeLessThanOrEqual(64);
  });

  it("are read all or none of their keys", () => {
    for (const { kind, names } of parts)
      for (const name of names) expect(name in schema.shape).toBe(kind !== "unread");
  });
});

it("samples, launches and buffers stay unread where figures alone are wanted", () => {
  const left = linePartsOf(reportedRowSchema).filter(({ kind }) => kind === "unread");
  expect(left.flatMap(({ names }) => names)).toEqual(unread);
});

/** Each line as a reader of lines reads it, up to the first that is refused. */
function readTogether(reader: CaseReader, texts: readonly string[]): (ReadRow | "refused")[] {
  const read: (ReadRow | "refused")[] = [];
  for (const text of texts) {
    try {
      read.push({ ...(reader.glance(text) ?? reader.look(JSON.parse(text) as object)) });
    } catch {
      return [...read, "refused"];
    }
  }
  return read;
}

describe("a line that is read in parts", () => {
  const later = { launch_results: [{ ...launch, later: { a: 1, output_nmse: 2, b: [3] } }] };
  const rows: fc.Arbitrary<Line> = fc.constantFrom<Line>(
    line,
    { ...line, case_id: "other", model: "b", model_filename: "b.gguf", avg_ts: 3 },
    { ...line, driver: ',"samples_ns":[1],"output_nmse":1' },
    { ...line, ...later },
    lineOf(unmeasured({ status: "failed", reason: "crashed: no" })),
  );
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom("measured", 0.5, [1], [0], null));
  const name = fc.constantFrom(...Object.keys(line), "precision", "unknown_key");
  const changed = fc
    .tuple(rows, fc.dictionary(name, value, { maxKeys: 2 }))
    .map(([row, more]): Line => Object.assign({}, row, more));
  const ordered = fc.oneof(
    { weight: 9, arbitrary: changed },
    changed.map((row) => {
      const { type, ...rest } = row;
      return { type, ...Object.fromEntries(Object.entries(rest).toReversed()) };
    }),
    fc.tuple(changed, name).map(([{ ...row }, left]) => {
      if (left !== "type") delete row[left];
      return row;
    }),
  );

  it.each(Object.entries(schemas))("says what it says alone, of its %s", (_, schema) => {
    fc.assert(
      fc.property(fc.array(ordered, { minLength: 1, maxLength: 8 }), (given) => {
        const texts = given.map((row) => JSON.stringify({ ...row, type: "case" }));
        const together = readTogether(new CaseReader(schema), texts);
        const alone = texts.map((text) => readTogether(new CaseReader(schema), [text])[0]);
        expect(together).toEqual(alone.slice(0, together.length));
      }),
      { numRuns: 300, seed: 20_261_130 },
    );
  });

  it("is none where its end is missing, or more stands behind it", () => {
    const text = JSON.stringify(line);
    const reader = new CaseReader(reportedRowSchema);
    expect(reader.glance(text)).not.toBeNull();
    for (const damaged of [text.slice(0, -1), `${text}}`, `${text}]`, text.replace("{", "[")])
      expect(reader.glance(damaged)).toBeNull();
    for (let length = 0; length < text.length; length++)
      expect(reader.glance(text.slice(0, length))).toBeNull();
  });

  it.each([
    ["its type again", `"type":"case"`, `,"machine":`],
    ["a column again, in another part", `"avg_ts":5`, `,"max_ctx":`],
  ])("is read whole where it has %s", (_, again, before) => {
    const text = JSON.stringify(line);
    const reader = new CaseReader(reportedRowSchema);
    reader.glance(text);
    const twice = text.replace(before, `,${again}${before}`);
    expect(reader.glance(twice)).toBeNull();
    const whole = JSON.parse(twice) as object;
    expect({ ...reader.look(whole) }).toEqual(new CaseReader(reportedRowSchema).read(whole));
  });
});

describe("what a report doesn't read of a case's line", () => {
  const befores = [[], [JSON.stringify({ ...line, case_id: "before" })]];

  it.each<readonly [string, Line]>([
    ["as the writer has it", line],
    ["whose texts look like its keys", { ...line, driver: ',"samples_ns":[1],"output_nmse":1' }],
    ["whose keys stand in another order", Object.fromEntries(Object.entries(line).toReversed())],
    [
      "of a later version, with keys of those names within",
      {
        ...line,
        launch_results: [{ ...launch, later: { a: 1, output_nmse: 2, b: [3] } }],
      },
    ],
    ["without those keys", lineOf(measured)],
  ])("changes nothing of a line %s", async (_, given) => {
    const { type: __, ...row } = given;
    const { driver = null } = row;
    const text = JSON.stringify({ type: "case", ...row });
    for (const before of befores) {
      const read = (await casesOf(...before, text)).at(-1);
      expect(read?.machine.driver).toBe(driver);
      expect(read).toMatchObject({ summary: { mean: 66.31 }, outputError: null });
      expect(read?.workload).toEqual(recordOf(measured).workload);
    }
  });

  it("may be damaged, and the rest stands", async () => {
    const damaged = JSON.stringify(line).replace('"launch_results":[{', '"launch_results":[{{');
    for (const before of befores)
      expect((await casesOf(...before, damaged)).at(-1)?.id).toBe(measured.case_id);
  });
});
