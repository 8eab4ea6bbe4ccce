/** Reports out of result files alone: printed, or written beside them. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../base/makeFolder.ts";
import { LlmbenchError } from "../errors.ts";
import { knownModels } from "../models/knownModels.ts";
import { doubtNotes } from "../predict/doubts.ts";
import type { ColumnName } from "../results/columns/columns.ts";
import { otherFolder, writeFailure } from "../results/fileFailure.ts";
import { importResults } from "../results/importResults.ts";
import type { Detail, Results } from "../results/readResults.ts";
import { resultFiles } from "../results/resultFiles.ts";
import { resultPieces } from "../results/writeCsv.ts";
import { writeResultFile } from "../results/writeFile.ts";
import { html } from "./html/html.ts";
import { markdown } from "./markdown.ts";
import { reporters } from "./registry.ts";
import type { ReportFormat } from "./registry.ts";
import { reportedOf } from "./reporter.ts";
import type { Demands, Reported, Reporter } from "./reporter.ts";

/** @throws LlmbenchError `output` */
export async function makeOutputFolder(folder: string, elsewhere = otherFolder): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw writeFailure(folder, error, elsewhere);
  }
}

interface Target {
  readonly folder: string;
  /** How to write to another place, for errors. */
  readonly elsewhere: string;
  /** Columns of the CSV; undefined for all that there are. */
  readonly columns: readonly ColumnName[] | undefined;
}

async function writeAll(
  reported: Reported,
  { folder, elsewhere, columns }: Target,
): Promise<string[]> {
  await makeOutputFolder(folder, elsewhere);
  const files = [
    [resultFiles.csv, resultPieces(reported.cases, columns)],
    [resultFiles.markdown, markdown.pieces(reported)],
    [resultFiles.html, html.pieces(reported)],
  ] as const;
  // Together: the disk syncs one while the next is written.
  const written = await Promise.allSettled(
    files.map(async ([name, pieces]) => {
      const path = join(folder, name);
      await writeResultFile(path, pieces, elsewhere);
      return path;
    }),
  );
  return written.map((file) => {
    if (file.status === "rejected") throw file.reason;
    return file.value;
  });
}

export interface ReportOptions {
  /** How to write to another place, for errors. */
  readonly elsewhere?: string;
  /** Told what a reader should know of the files, beside the report. */
  readonly onNote?: (note: string) => void;
  /** The CSV's columns, where they aren't today's: a file of an earlier edition is made again with its own. */
  readonly columns?: readonly ColumnName[];
}

/** Cases whose run isn't at hand are judged here: a run judged its own when it measured them. */
async function readJudged(path: string, detail: Detail): Promise<Results> {
  const results = await importResults(path, knownModels(), detail);
  if (results.run !== null) return results;
  return { ...results, notes: [...results.notes, ...doubtNotes(results.cases)] };
}

/**
 * Makes results.csv, report.md and report.html of a run's folder, a journal or a file of results, another program's too,
 * beside it or in `outputDir`. The same input gives the same bytes.
 * @returns the paths written.
 * @throws LlmbenchError `input` where the results can't be read, `output` where the files can't be written.
 */
export async function writeReports(
  path: string,
  outputDir?: string,
  { elsewhere = otherFolder, onNote, columns }: ReportOptions = {},
): Promise<string[]> {
  const results = await readJudged(path, "figures");
  results.notes.forEach((note) => onNote?.(note));
  const folder = outputDir ?? dirname(results.path);
  if (results.foreign !== null && outputDir === undefined) refuseToReplace(folder);
  return writeAll(reportedOf(results), { folder, elsewhere, columns });
}

/** Beside another program's file stand files of others: what is there may be a run's, or that very file. */
function refuseToReplace(folder: string): void {
  const names = [resultFiles.csv, resultFiles.markdown, resultFiles.html];
  const there = names.find((name) => existsSync(join(folder, name)));
  if (there === undefined) return;
  throw new LlmbenchError(
    "output",
    `${join(folder, there)}: stands there already; ${otherFolder}, or print with -o`,
  );
}

/**
 * The text of results in a format, several files side by side in one.
 * @throws LlmbenchError `input` where one can't be read.
 */
export async function renderReport(
  format: ReportFormat,
  paths: readonly string[],
): Promise<string> {
  return [...(await reportPieces(format, paths))].join("");
}

/** The text of `renderReport` in pieces, made one after the other: all of a long journal is more than a string can hold. */
export async function reportPieces(
  format: ReportFormat,
  paths: readonly string[],
  { onNote, ...demands }: Pick<ReportOptions, "onNote"> & Demands = {},
): Promise<Iterable<string>> {
  const reporter: Reporter = reporters[format];
  const detail = reporter.whole === true ? "whole" : "figures";
  const results = await Promise.all(paths.map((path) => readJudged(path, detail)));
  const reported = reportedOf(...results);
  reported.notes.forEach((note) => onNote?.(note));
  return reporter.pieces(reported, demands);
}
