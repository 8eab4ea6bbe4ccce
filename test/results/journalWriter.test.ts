import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JournalLine } from "../../src/results/journalLines.ts";
import { journalBytes } from "../../src/results/journalTail.ts";
import { JournalWriter } from "../../src/results/journalWriter.ts";
import { UnreadableResult } from "../../src/results/readableLine.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import { freshFolder, noSmallDisk, withoutPermission, withSmallDisk } from "./folders.ts";
import { measured, runLine } from "./journals.ts";

const caseLine = (caseId: string): JournalLine => ({ type: "case", ...measured, case_id: caseId });

const journalIn = (folder: string): string => join(folder, "results.jsonl");

async function written(folder: string, ...caseIds: string[]): Promise<void> {
  const writer = await JournalWriter.create(folder);
  await writer.append(runLine);
  for (const id of caseIds) await writer.append(caseLine(id));
  await writer.close();
}

/** As a resume does: what its reader says of the end is what the writer goes by. */
const goOn = async (folder: string): Promise<JournalWriter> => {
  const bytes = await journalBytes(journalIn(folder));
  const { torn } = await readJournal(journalIn(folder));
  return JournalWriter.resume(folder, { bytes, torn });
};

describe("a new journal", () => {
  it("stands in a folder that is made for it, and each line is there when append returns", async () => {
    const folder = join(freshFolder(), "reports", "run 1");
    const writer = await JournalWriter.create(folder);
    await writer.append(runLine);
    expect(readFileSync(writer.path, "utf8")).toBe(`${JSON.stringify(runLine)}\n`);
    await writer.append(caseLine("a"));
    expect(readFileSync(writer.path, "utf8").split("\n")).toHaveLength(3);
    await writer.close();
  });

  it("is refused where a run is already, naming --resume", async () => {
    const folder = freshFolder();
    await written(folder, "a");
    const before = readFileSync(journalIn(folder), "utf8");
    await expect(JournalWriter.create(folder)).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining(`--resume ${folder}`) as string,
    });
    expect(readFileSync(journalIn(folder), "utf8")).toBe(before);
  });

  it("takes the place of one that holds no whole line", async () => {
    const folder = freshFolder();
    writeFileSync(journalIn(folder), `{"type":"run","plan":[${'{"case_id":"x"},'.repeat(9)}`);
    const writer = await JournalWriter.create(folder);
    await writer.append({ type: "resume", resumed_at: "now", llmbench_version: "0.1.0" });
    await writer.append(runLine);
    await writer.close();
    expect((await readJournal(journalIn(folder))).run.run_id).toBe(runLine.run_id);
  });

  it("keeps the order of appends that overlap", async () => {
    const folder = freshFolder();
    const writer = await JournalWriter.create(folder);
    const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
    await Promise.all([writer.append(runLine), ...ids.map((id) => writer.append(caseLine(id)))]);
    await writer.close();
    const journal = await readJournal(journalIn(folder));
    expect(journal.cases.map(({ id }) => id)).toEqual(ids);
  });
});

function launchLine(changes: object): JournalLine {
  const [launch] = measured.launch_results;
  const result = { ...measured, launch_results: [{ ...launch, ...changes }] };
  return { type: "launch", launch: 1, result } as JournalLine;
}

describe("a result that no reader would take", () => {
  it.each([
    ["a case", { ...caseLine("b"), samples_ts: [Number.NaN] }],
    ["a case without a speed", { ...caseLine("b"), avg_ts: null }],
    ["a launch that took no time", launchLine({ samples_ns: [0] })],
    ["a launch without a sample", launchLine({ samples_ns: [] })],
  ] as [string, JournalLine][])(
    "is refused as %s, and the journal stays whole",
    async (_, line) => {
      const folder = freshFolder();
      const writer = await JournalWriter.create(folder);
      await writer.append(runLine);
      await expect(writer.append(line)).rejects.toThrow(UnreadableResult);
      await writer.append(caseLine("a"));
      await writer.close();
      const { cases } = await readJournal(journalIn(folder));
      expect(cases.map(({ id }) => id)).toEqual(["a"]);
    },
  );
});

describe("a journal that is gone on with", () => {
  it("gets its lines after those that are there", async () => {
    const folder = freshFolder();
    await written(folder, "a");
    const writer = await goOn(folder);
    await writer.append(caseLine("b"));
    await writer.close();
    const { cases, notes } = await readJournal(journalIn(folder));
    expect(cases.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(notes).toEqual([]);
  });

  it("loses a torn last line, wherever it was torn", async () => {
    const folder = freshFolder();
    await written(folder, "a");
    const whole = readFileSync(journalIn(folder), "utf8");
    const torn = JSON.stringify(caseLine("torn"));
    for (const length of [1, 2, 100, torn.length - 1]) {
      writeFileSync(journalIn(folder), whole + torn.slice(0, length));
      await goOn(folder).then((writer) => writer.close());
      expect(readFileSync(journalIn(folder), "utf8")).toBe(whole);
    }
  });

  it.each(["123", "null", "[]", '"x"', '{"type":"case"}', JSON.stringify(runLine)])(
    "loses a last line that is JSON and none of ours (%#)",
    async (text) => {
      const folder = freshFolder();
      await written(folder, "a");
      const whole = readFileSync(journalIn(folder), "utf8");
      appendFileSync(journalIn(folder), text);
      const writer = await goOn(folder);
      expect(readFileSync(journalIn(folder), "utf8")).toBe(whole);
      await writer.append(caseLine("b"));
      await writer.close();
      const { cases } = await readJournal(journalIn(folder));
      expect(cases.map(({ id }) => id)).toEqual(["a", "b"]);
    },
  );

  it("keeps a last line that lacks only its line break", async () => {
    const folder = freshFolder();
    await written(folder, "a");
    appendFileSync(journalIn(folder), JSON.stringify(caseLine("b")));
    const writer = await goOn(folder);
    await writer.append(caseLine("c"));
    await writer.close();
    const { cases } = await readJournal(journalIn(folder));
    expect(cases.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  });

  it("loses the zeros that a power cut can leave at its end", async () => {
    const folder = freshFolder();
    await written(folder, "a");
    const whole = readFileSync(journalIn(folder), "utf8");
    appendFileSync(journalIn(folder), Buffer.alloc(200_000));
    await goOn(folder).then((writer) => writer.close());
    expect(readFileSync(journalIn(folder), "utf8")).toBe(whole);
  });

  it("has to be there", async () => {
    const folder = freshFolder();
    await expect(goOn(folder)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("no such file") as string,
    });
    expect(existsSync(journalIn(folder))).toBe(false);
  });
});

describe("a journal that someone writes", () => {
  const another = expect.stringMatching(
    new RegExp(`another run writes there: process ${process.pid}, since \\S+Z;`, "u"),
  ) as string;

  it("is nobody else's until it is closed, new or gone on with", async () => {
    const folder = freshFolder();
    const first = await JournalWriter.create(folder);
    await expect(JournalWriter.create(folder)).rejects.toMatchObject({ message: another });
    await first.append(runLine);
    const refused = { code: "output", message: another };
    await expect(goOn(folder)).rejects.toMatchObject(refused);
    await first.close();
    const second = await goOn(folder);
    await expect(goOn(folder)).rejects.toMatchObject(refused);
    await second.close();
  });

  it("can be read, and nothing is left beside it in the end", async () => {
    const folder = freshFolder();
    const writer = await JournalWriter.create(folder);
    await writer.append(runLine);
    expect((await readJournal(journalIn(folder))).run.run_id).toBe(runLine.run_id);
    await writer.close();
    await expect(JournalWriter.create(folder)).rejects.toThrow("holds a run already");
    expect(readdirSync(folder)).toEqual(["results.jsonl"]);
  });

  it("is not gone on with by who read it before others wrote", async () => {
    const folder = freshFolder();
    await written(folder, "a");
    const bytes = await journalBytes(journalIn(folder));
    const other = await goOn(folder);
    await other.append(caseLine("b"));
    await other.close();
    await expect(JournalWriter.resume(folder, { bytes, torn: false })).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining("another run went on with it meanwhile") as string,
    });
  });
});

describe("a place that can't be written", () => {
  it("is named where the folder is a file", async () => {
    const file = join(freshFolder(), "file");
    writeFileSync(file, "");
    for (const folder of [file, join(file, "below")])
      await expect(JournalWriter.create(folder)).rejects.toMatchObject({
        code: "output",
        message: expect.stringContaining("can't be written: a") as string,
      });
  });

  it.skipIf(process.platform === "win32")("is named where permission lacks", async () => {
    const folder = freshFolder();
    const refused = withoutPermission(folder, () => JournalWriter.create(folder));
    await expect(refused).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining("no permission") as string,
    });
  });

  it.skipIf(!existsSync("/dev/full"))("is named where the disk is full at once", async () => {
    const folder = freshFolder();
    symlinkSync("/dev/full", journalIn(folder));
    const writer = await JournalWriter.create(folder);
    await expect(writer.append(runLine)).rejects.toMatchObject({
      code: "output",
      message: expect.stringContaining("no space is left") as string,
    });
    await writer.close();
  });

  const noDisk = noSmallDisk();
  it.skipIf(noDisk !== null)(
    `is named where the disk fills, and the lines before stand${noDisk === null ? "" : ` (skipped: ${noDisk})`}`,
    () =>
      withSmallDisk(async (folder) => {
        const writer = await JournalWriter.create(folder);
        await writer.append(runLine);
        let kept = 0;
        const fill = async (): Promise<void> => {
          for (; kept < 1000; kept += 1) await writer.append(caseLine(`c${kept}`));
        };
        await expect(fill()).rejects.toMatchObject({
          code: "output",
          message: expect.stringContaining("no space is left") as string,
        });
        await writer.close();
        const journal = await readJournal(journalIn(folder));
        expect(kept).toBeGreaterThan(5);
        expect(journal.cases).toHaveLength(kept);
        expect(journal.notes).toEqual([]);
      }),
  );
});
