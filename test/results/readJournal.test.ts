import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LlmbenchError } from "../../src/errors.ts";
import { launchOf } from "../../src/results/launchLine.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import type { Journal } from "../../src/results/readJournal.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { encoded } from "./encodings.ts";
import { freshFolder, withoutPermission } from "./folders.ts";
import { journalText, measured, planned, runLine, unmeasured, written } from "./journals.ts";

function journalOf(...lines: (object | string)[]): Promise<Journal> {
  const path = join(freshFolder(), "results.jsonl");
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(path, text.map((line) => `${line}\n`).join(""));
  return readJournal(path);
}

function withText(text: string | Buffer): Promise<Journal> {
  const path = join(freshFolder(), "results.jsonl");
  writeFileSync(path, text);
  return readJournal(path);
}

const caseLine = (caseId: string, changes: object = {}): object => ({
  type: "case",
  ...measured,
  case_id: caseId,
  ...changes,
});
const launchLine = (caseId: string, launch: number): object => ({
  type: "launch",
  launch,
  result: { ...measured, case_id: caseId },
});
const resumeLine = {
  type: "resume",
  resumed_at: "2026-11-24T08:00:00Z",
  llmbench_version: "0.1.0",
};

const ids = (journal: Pick<Journal, "cases">): string[] => journal.cases.map(({ id }) => id);

const rows = (journal: Pick<Journal, "cases">): object[] => journal.cases.map(rowOf);

describe("what is read", () => {
  it("may come from before the swap that was written was noted", async () => {
    const conditions = {
      power_source: "ac",
      low_power_mode: null,
      swap_used_bytes: 0,
      swapped_in_bytes: 0,
      cpu_throttles: 0,
      cpu_speed_limit: null,
      thermal_pressure: null,
      gpus: [],
    };
    const [launch] = measured.launch_results;
    const { cases } = await journalOf(
      runLine,
      caseLine("early", { launch_results: [{ ...launch, conditions }] }),
    );
    expect(cases[0]).toMatchObject({
      launches: [{ readings: { conditions: { swapped_out_bytes: null } } }],
    });
  });

  it("is what was written", async () => {
    const journal = await journalOf(runLine, { type: "case", ...measured }, resumeLine);
    expect(journal.run).toEqual(runLine);
    expect(rows(journal)).toEqual([measured]);
    expect(journal.resumes).toEqual([resumeLine]);
    expect(journal.launches).toEqual([]);
    expect(journal.notes).toEqual([]);
  });

  it("comes in the order of the plan, what no plan names at the end", async () => {
    const plan = ["a", "b", "c"].map(planned);
    const lines = ["x", "c", "a"].map((id) => caseLine(id));
    expect(ids(await journalOf({ ...runLine, plan }, ...lines))).toEqual(["a", "c", "x"]);
  });

  it("is the last line of a case", async () => {
    const { case_id: id } = measured;
    const failed = {
      type: "case",
      ...unmeasured({ status: "failed", reason: "crashed: SIGSEGV" }),
    };
    const journal = await journalOf(runLine, failed, resumeLine, caseLine(id));
    expect(journal.cases.map(({ status }) => status)).toEqual(["measured"]);
  });

  it("has the launches of cases that aren't done", async () => {
    const lines = [launchLine("a", 1), launchLine("b", 1), caseLine("a"), launchLine("b", 2)];
    const { launches } = await journalOf(runLine, ...lines);
    expect(launches.map(({ launch, result }) => [result.id, launch])).toEqual([
      ["b", 1],
      ["b", 2],
    ]);
  });

  it("has of a launch's line the launch alone, whatever else an earlier version wrote there", async () => {
    const { launch_results } = measured;
    const result = { case_id: "a", launch_results };
    for (const told of [result, { ...measured, ...result }, { ...result, status: "later" }]) {
      const { launches } = await journalOf(runLine, { type: "launch", launch: 1, result: told });
      expect(launches).toEqual([
        { type: "launch", launch: 1, result: { id: "a", launches: launch_results.map(launchOf) } },
      ]);
    }
  });

  it("has the launches of a case that is being tried again", async () => {
    const lines = [launchLine("a", 1), caseLine("a", { status: "failed" }), launchLine("a", 1)];
    const journal = await journalOf(runLine, ...lines);
    expect(journal.launches).toHaveLength(1);
    expect(ids(journal)).toEqual(["a"]);
  });

  it("leaves a torn last line out and says so", async () => {
    const whole = journalText([measured, unmeasured({ case_id: "b", status: "skipped" })]);
    const journal = await withText(whole.slice(0, -20));
    expect(ids(journal)).toEqual([measured.case_id]);
    expect(journal.notes).toEqual(["results.jsonl: the last line (3) is torn and is left out"]);
  });

  it("has a last line that lacks only its line break", async () => {
    const journal = await withText(journalText([measured]).slice(0, -1));
    expect(ids(journal)).toEqual([measured.case_id]);
    expect(journal.notes).toEqual([]);
  });
});

describe("a later version's journal", () => {
  it("may say more: unknown keys are left out", async () => {
    const journal = await journalOf({ ...runLine, more: 1 }, caseLine("a", { more_ts: [1] }));
    expect(rows(journal)).toEqual([{ ...measured, case_id: "a" }]);
  });

  it("may have lines of unknown types: they are left out, and that is said", async () => {
    const noise = { type: "noise", sd: 0.01 };
    const journal = await journalOf(runLine, noise, noise, caseLine("a"));
    expect(ids(journal)).toEqual(["a"]);
    expect(journal.notes).toEqual([
      'results.jsonl: 2 lines of unknown types ("noise") are left out',
    ]);
  });

  it("of another schema is refused by its number", async () => {
    await expect(journalOf({ ...runLine, schema_version: 2 })).rejects.toThrow(
      /results\.jsonl:1: written by schema version 2, this llmbench reads 1; read it with the llmbench that wrote it$/,
    );
  });
});

it("a column that an earlier version didn't have is unknown", async () => {
  const { max_ctx: _, warnings: __, ...earlier } = measured;
  const journal = await journalOf(runLine, { type: "case", ...earlier });
  expect(rows(journal)).toEqual([{ ...measured, max_ctx: null, warnings: [] }]);
});

it("a launch's line is read where no line of its case follows, and only there", async () => {
  const damaged = { type: "launch", launch: 1, result: { case_id: "a" } };
  expect((await journalOf(runLine, damaged, caseLine("a"))).launches).toEqual([]);
  await expect(journalOf(runLine, caseLine("a"), damaged)).rejects.toThrow(/:3: result\./);
});

describe("a file that is no journal", () => {
  const refused = [
    ["not JSON", ["nonsense"], /:1: not JSON; a copy without that line can be read$/],
    ["no object", [runLine, "[1]"], /:2: not a line of a journal: it has no type; a copy/],
    ["null", ["null"], /:1: not a line of a journal/],
    ["torn in the middle", [runLine, '{"type":"case","ca', caseLine("a")], /:2: not JSON; a copy/],
    [
      "a wrong type",
      [runLine, caseLine("a", { samples_ns: [1, 2, "3"] })],
      /:2: samples_ns\[2\]: expected a number, got "3"; a copy/,
    ],
    ["an unknown status", [runLine, caseLine("a", { status: "fine" })], /:2: status: /],
    ["two runs", [runLine, runLine], /:2: a second run line; a copy/],
    ["no run", [caseLine("a")], /holds no run/],
    ["nothing", [], /holds no run/],
  ] as const;

  it.each(refused)("is refused with its place: %s", async (_, lines, message) => {
    await expect(journalOf(...lines)).rejects.toThrow(message);
    await expect(journalOf(...lines)).rejects.toBeInstanceOf(LlmbenchError);
  });

  it("is refused where it isn't there or is a folder", async () => {
    const folder = freshFolder();
    await expect(readJournal(join(folder, "none.jsonl"))).rejects.toThrow(/no such file or folder/);
    await expect(readJournal(folder)).rejects.toThrow(/it is a folder/);
  });

  it.skipIf(process.platform === "win32")("is refused with a reader's way out", async () => {
    const folder = freshFolder();
    const path = join(folder, "results.jsonl");
    writeFileSync(path, "", { mode: 0o200 });
    await expect(withoutPermission(folder, () => readJournal(path))).rejects.toMatchObject({
      code: "input",
      message: `${path}: can't be read: no permission; give yourself the right to read it, or read it as its owner`,
    });
  });

  it("can't fill the memory with one endless line", async () => {
    const path = join(freshFolder(), "results.jsonl");
    writeFileSync(path, `${JSON.stringify(runLine)}\n`);
    truncateSync(path, 2 ** 30);
    await expect(readJournal(path)).rejects.toThrow(/:2: a line of more than 128 MiB/);
  });
});

const isJournal = (outcome: unknown): boolean =>
  typeof outcome === "object" && outcome !== null && "cases" in outcome;

const isClearError = (outcome: unknown): boolean =>
  outcome instanceof LlmbenchError && !outcome.message.includes("\n");

it("damaged journals are read or refused in one line, never worse", async () => {
  const whole = Buffer.from(
    journalText([measured, unmeasured({ case_id: "b", status: "does_not_fit" })]),
  );
  const path = join(freshFolder(), "results.jsonl");
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(whole.length), async (bytes, length) => {
      const text = Buffer.from(whole);
      for (const [at, byte] of bytes) text[at] = byte;
      writeFileSync(path, text.subarray(0, length));
      const outcome = await readJournal(path).catch((error: unknown) => error);
      expect(isJournal(outcome) || isClearError(outcome)).toBe(true);
    }),
    { numRuns: 300, seed: 20_261_124 },
  );
});

it("ten thousand cases are read, each its own", async () => {
  const cases = Array.from({ length: 10_000 }, (_, index) => ({
    ...measured,
    case_id: `c${index}`,
    avg_ts: index + 0.1,
  }));
  const journal = await withText(journalText(cases));
  expect(journal.cases).toHaveLength(10_000);
  expect(rows(journal)[9999]).toEqual(written({ ...measured, case_id: "c9999", avg_ts: 9999.1 }));
});

it("a journal in UTF-16 is no run to go on with, since what is added to it is UTF-8", async () => {
  const text = encoded(journalText([measured]), "UTF-16 LE, as PowerShell 5.1 writes it");
  await expect(withText(text)).rejects.toThrow(
    /results\.jsonl: is UTF-16, and a run goes on in UTF-8/,
  );
});
