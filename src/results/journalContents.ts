/** What a journal's lines say together, whatever is wanted of each case. */
import { basename } from "node:path";
import { showValue } from "../base/showValue.ts";
import type { CaseRecord } from "../bench/record.ts";
import { LlmbenchError } from "../errors.ts";
import { CaseReader } from "./caseReader.ts";
import type { PartialCase, ResumeLine, RunFacts, RunLine } from "./journalLines.ts";
import { LineMismatch, withoutLine } from "./lineMismatch.ts";
import { parseLine } from "./parseLine.ts";
import type { ParsedLine } from "./parseLine.ts";
import { OpenLaunches } from "./openLaunches.ts";
import { readLines } from "./readLines.ts";
import type { Line } from "./readLines.ts";
import { RecordMaker, type ToldLaunches } from "./recordOf.ts";
import type { ReadRow, RowSchema } from "./row.ts";
import { RowMismatch } from "./rowMismatch.ts";
import { glanceAtRun, type ToldRun } from "./runGlance.ts";

export interface JournalContents {
  /** Null in a file of case lines alone, as `-o jsonl` prints them. */
  readonly run: RunFacts | null;
  /** Ids of the cases that were planned. */
  readonly planned: readonly string[];
  /** How many of them have no result yet. */
  readonly missing: number;
  /** One of each id, the last written, in the order of the plan; cases that no plan names follow as they came. */
  readonly cases: readonly CaseRecord[];
  /** Launches of cases that have no line of their own after them. */
  readonly launches: readonly PartialCase[];
  readonly resumes: readonly ResumeLine[];
  /** Whether the last line is half a line, and left out. */
  readonly torn: boolean;
  /** What a reader should know of the file: a torn last line, lines of a later version. */
  readonly notes: readonly string[];
}

class Collector {
  run: RunFacts | null = null;
  planned: readonly string[] = [];
  readonly cases = new Map<string, CaseRecord>();
  readonly launches = new Map<string, PartialCase[]>();
  readonly resumes: ResumeLine[] = [];
  torn = false;
  readonly notes: string[] = [];
  readonly unknown: string[] = [];

  private readonly onRun: (run: RunLine) => void;

  constructor(onRun: (run: RunLine) => void) {
    this.onRun = onRun;
  }

  add(line: ParsedLine | ToldRun): void {
    switch (line.type) {
      case "run": {
        const { plan, ...facts } = line;
        const planned = plan.map(({ case_id: id }) => id);
        this.begin(facts, planned);
        this.onRun(line);
        break;
      }
      case "told run":
        this.begin(line.facts, line.planned);
        break;
      case "case":
        this.cases.set(line.result.id, line.result);
        this.launches.delete(line.result.id);
        break;
      case "launch": {
        const { id } = line.result;
        this.launches.set(id, [...(this.launches.get(id) ?? []), line]);
        break;
      }
      case "resume":
        this.resumes.push(line);
        break;
      case "unknown":
        this.unknown.push(line.name);
        break;
    }
  }

  private begin(facts: RunFacts, planned: readonly string[]): void {
    if (this.run !== null) throw new LineMismatch("a second run line");
    this.run = facts;
    this.planned = planned;
  }

  contents(): JournalContents {
    const plan = new Set(this.planned);
    const cases = [...plan].map((id) => this.cases.get(id)).filter((one) => one !== undefined);
    const missing = plan.size - cases.length;
    if (cases.length < this.cases.size)
      for (const record of this.cases.values()) if (!plan.has(record.id)) cases.push(record);
    const [name, ...more] = this.unknown;
    const unknown =
      name === undefined
        ? []
        : more.length === 0
          ? [`a line of unknown type (${showValue(name)}) is left out`]
          : [`${more.length + 1} lines of unknown types (${showValue(name)}) are left out`];
    return {
      run: this.run,
      planned: this.planned,
      missing,
      cases,
      launches: [...this.launches.values()].flat(),
      resumes: this.resumes,
      torn: this.torn,
      notes: [...this.notes, ...unknown],
    };
  }
}

/** What is wanted of a case line. */
export interface WantedOfCase {
  readonly schema: RowSchema;
  readonly told: ToldLaunches;
}

/**
 * Reads a journal, or a file of case lines alone.
 * @param onRun told the run's line with its plan, which takes 100 MB for 100,000 cases; null for who doesn't need it.
 * @throws LlmbenchError `input` where the file can't be read, or a line isn't one of ours (with its number).
 */
export function readJournalContents(
  path: string,
  { schema, told }: WantedOfCase,
  onRun: ((run: RunLine) => void) | null = null,
): JournalContents {
  const collector = new Collector(onRun ?? (() => {}));
  const reader = new CaseReader(schema);
  const maker = new RecordMaker(told);
  const open = new OpenLaunches();
  const made = (row: ReadRow): CaseRecord => maker.of(row, reader.changed);
  const read = ({ text, terminated }: Line): ParsedLine | ToldRun => {
    const row = reader.glance(text);
    if (row !== null) return { type: "case", result: made(row) };
    const run = onRun === null && terminated ? glanceAtRun(text) : null;
    return run ?? parseLine(text, (value) => made(reader.look(value)));
  };
  const add = (line: Line): void => {
    try {
      const parsed = read(line);
      if (parsed.type === "case") open.close(parsed.result.id);
      collector.add(parsed);
    } catch (error) {
      if (!(error instanceof LineMismatch || error instanceof RowMismatch)) throw error;
      if (line.terminated) {
        const wayOut = error instanceof LineMismatch ? error.wayOut : withoutLine;
        throw new LlmbenchError("input", `${path}:${line.number}: ${error.message}; ${wayOut}`, {
          cause: error,
        });
      }
      collector.torn = true;
      collector.notes.push(`the last line (${line.number}) is torn and is left out`);
    }
  };
  for (const line of readLines(path)) if (line.text !== "" && !open.take(line)) add(line);
  for (const line of open.left()) add(line);
  const contents = collector.contents();
  return { ...contents, notes: contents.notes.map((note) => `${basename(path)}: ${note}`) };
}
