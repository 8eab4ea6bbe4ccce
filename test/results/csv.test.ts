import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnNames } from "../../src/results/columns/columns.ts";
import { readCsv } from "../../src/results/readCsv.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { toCsv as csvOf } from "../../src/results/writeCsv.ts";
import { measured, unmeasured } from "./journals.ts";
import { caseOf, tested } from "./rows.ts";

const journalOnly = {
  samples_ns: [],
  warmup_ns: [],
  launch_results: [],
  buffers: [],
  llama_bench: null,
  stderr_tail: [],
};

const read = (text: string): JournalRow[] => readCsv(text, "results.csv").map(rowOf);

const toCsv = (rows: readonly JournalRow[]): string => csvOf(rows.map(caseOf));

/** The cells of one row, as any reader of RFC 4180 has them. */
function cells(row: JournalRow): Record<string, string> {
  const [first] = parse(toCsv([row]), { columns: true, record_delimiter: "\r\n" }) as Record<
    string,
    string
  >[];
  return first ?? {};
}

describe("results.csv", () => {
  it("has the contract's columns in the contract's order, and CRLF after each line", () => {
    const text = toCsv([measured, measured]);
    expect(text.split("\r\n")).toHaveLength(4);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(text.split("\r\n")[0]).toBe(columnNames.join(","));
  });

  it("leaves unknown empty, joins lists with ; and writes numbers so that they read back", () => {
    const row = cells({
      ...measured,
      avg_ns: 0.1 + 0.2,
      warnings: ["single_launch", "drift: -3%"],
    });
    expect(row["driver"]).toBe("");
    expect(row["samples_ts"]).toBe("66;66.31;66.62");
    expect(row["warnings"]).toBe("single_launch;drift: -3%");
    expect(row["avg_ns"]).toBe("0.30000000000000004");
    expect(row["model_size"]).toBe("3825807360");
    expect(cells(unmeasured({}))["avg_ts"]).toBe("");
  });

  it("is the header alone for no cases", () => {
    expect(toCsv([])).toBe(`${columnNames.join(",")}\r\n`);
    expect(read(toCsv([]))).toEqual([]);
  });

  it("reads back as it was, all but what only the journal keeps", () => {
    const cases = [measured, unmeasured({ status: "failed", reason: 'crashed: "SIGSEGV",\nonce' })];
    expect(read(toCsv(cases))).toEqual(
      cases.map((result) => Object.assign({}, result, journalOnly)),
    );
  });

  it("keeps text that a spreadsheet would run as a formula text", () => {
    for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=cmd|"/c calc"!A1']) {
      const row = cells({ ...measured, machine: text, warnings: [text] });
      expect(row["machine"]).toBe(`'${text}`);
      expect(row["warnings"]?.startsWith("'")).toBe(true);
    }
    expect(cells({ ...measured, main_gpu: -1 })["main_gpu"]).toBe("-1");
  });

  it("has the same row of a case whatever stands before it", () => {
    const rows = [
      measured,
      unmeasured({ status: "failed", reason: "crashed: SIGABRT", warnings: ["tight"] }),
      { ...measured, ...tested({ n_prompt: 512 }), warnings: ["drift: -3%"], machine: "other" },
      { ...measured, n_parallel: 4, test: "tg128 x4", model: "other", no_kv_offload: 1 },
      { ...measured, flash_attn: 0, fit: null, kv_bytes: 7, backend: "cpu" as const, n_ctx: 256 },
    ];
    const alone = rows.map((row) => toCsv([row]).split("\r\n")[1]);
    for (const order of [rows, rows.toReversed()]) {
      const lines = toCsv([...order, ...order])
        .split("\r\n")
        .slice(1, -1);
      expect(lines).toEqual([...order, ...order].map((row) => alone[rows.indexOf(row)]));
    }
  });

  it("reads any text back unchanged", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^'{0,3}[=+\-@\t\r\n";,]{0,3}[a-z]?$/),
    );
    fc.assert(
      fc.property(text, fc.array(text), (machine, list) => {
        const warnings = list
          .map((word) => word.replaceAll(";", ","))
          .filter((word) => word !== "");
        const row = unmeasured({ machine: `x${machine}`, reason: machine, warnings });
        const [back] = read(toCsv([row]));
        expect(back?.machine).toBe(row.machine);
        expect(back?.reason).toBe(machine === "" ? null : machine);
        expect(back?.warnings).toEqual(warnings);
      }),
      { numRuns: 500, seed: 4180 },
    );
  });

  it("reads any double back to the last bit", () => {
    const finite = { noNaN: true, noDefaultInfinity: true };
    const double = fc.double(finite).map((value) => value + 0);
    const speed = fc.double({ ...finite, min: Number.MIN_VALUE });
    fc.assert(
      fc.property(double, fc.array(speed), (mad, samples) => {
        const [back] = read(toCsv([{ ...measured, mad_ts: mad, samples_ts: samples }]));
        expect(back?.mad_ts).toBe(mad);
        expect(back?.samples_ts).toEqual(samples);
      }),
      { numRuns: 300, seed: 754 },
    );
  });
});

describe("a CSV from elsewhere", () => {
  it("may have columns in another order, and more of them", () => {
    const rows = parse(toCsv([measured]), {}).map((row) => ["300", ...row].reverse());
    rows[0]?.splice(-1, 1, "bandwidth");
    expect(read(stringify(rows))).toEqual([{ ...measured, ...journalOnly }]);
  });

  it("may be several, one after the other, with the empty rows of a spreadsheet between them", () => {
    const text = toCsv([measured]);
    const empty = `${",".repeat(columnNames.length - 1)}\r\n`;
    expect(read(text + empty + text)).toHaveLength(2);
  });

  it("may have the line ends of a program that writes two carriage returns", () => {
    const text = toCsv([measured]);
    expect(read(text.replaceAll("\r\n", "\r\r\n"))).toEqual(read(text));
  });

  it("may lack columns that may be unknown", () => {
    const rows = parse(toCsv([measured]), {});
    const text = stringify(rows.map((row) => row.slice(0, columnNames.indexOf("warnings"))));
    expect(read(text)[0]).toMatchObject({
      case_id: measured.case_id,
      test_time: null,
      warnings: [],
    });
  });

  it("is refused where it isn't ours, with the place", () => {
    const broken = toCsv([measured]).replace(",tg128,", ",tg128,many,");
    for (const [text, message] of [
      ["a,b\n1,2\n", /no results\.csv of llmbench: no column schema_version/],
      ["", /no column schema_version/],
      ['"a\n', /not a CSV: /],
      [toCsv([measured]).replaceAll(",", ";"), /set apart by semicolons.*save it with commas/],
      [toCsv([measured]).replaceAll(",", "\t"), /set apart by tabs/],
      [
        toCsv([measured]).replace(/\r\n/u, ",avg_ts\r\n").replace(/\r\n$/u, ",5\r\n"),
        /two columns are called avg_ts/,
      ],
      [broken, /not a CSV: .*(columns|record)/i],
      [toCsv([{ ...measured, n_ctx: 0.5 }]), /row 1: n_ctx: expected a whole number, got 0.5/],
      [toCsv([measured]).replace(",measured,", ",fine,"), /row 1: status: /],
      [
        toCsv([measured]).replace(",66;66.31;", ",66;fast;"),
        /row 1: samples_ts\[1\]: expected a number, got "fast"/,
      ],
      [toCsv([measured]).replace("\r\n1,", "\r\n2,"), /row 1: schema version 2/],
      [toCsv([measured, { ...measured, avg_ts: 0 }]), /row 2: avg_ts: expected more than 0, got 0/],
      [toCsv([{ ...measured, avg_ts: -3 }]), /row 1: avg_ts: expected more than 0, got -3/],
      [
        toCsv([{ ...measured, samples_ts: [66, 0] }]),
        /row 1: samples_ts\[1\]: expected more than 0, got 0/,
      ],
    ] as const)
      expect(() => read(text)).toThrow(message);
  });
});
